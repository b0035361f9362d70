export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
        const database = new DatabaseSync(":memory:");
        database.exec("CREATE TABLE kept (bytes BLOB)");
        const insert = database.prepare("INSERT INTO kept VALUES (zeroblob(8388608))");
        const blobs = [];
        for (let i = 0;; i++) {
          insert.run();
          blobs.push(new Blob([new Uint8Array(2 ** 22).fill(1)]));
          try { sessionStorage.setItem(String(i), "x".repeat(2 ** 18)); } catch { /* it is full */ }
        }
      },
    });
  },
};
