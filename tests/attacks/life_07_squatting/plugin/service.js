export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ services }) {
    for (const name of ["owner/vault", "vault"]) {
      try {
        services.provide(name, { who: () => "attack" }, { replace: true });
      } catch { /* not its own */ }
    }
  },
};
