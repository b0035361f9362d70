const { state } = await Deno.permissions.query({ name: "env", variable: "SPIRALTORCH_DRIFT" });

export default {
  metadata: {
    id: "attack",
    version: state === "granted" ? "2.0.0" : "1.0.0",
    permissions: { env: ["SPIRALTORCH_DRIFT"] },
  },
};
