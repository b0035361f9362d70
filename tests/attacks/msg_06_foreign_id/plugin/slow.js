let answer;

export default {
  metadata: { id: "slow", version: "1.0.0" },
  onLoad({ services, subscribe }) {
    services.provide("slow", {
      ask: () => new Promise((resolve) => void (answer = resolve)),
      tell: () => answer("true"),
    });
  },
};
