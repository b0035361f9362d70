const load = new Function("name", "options", "return import(name, options)");
function nested(url) {
  const source = `import x from ${JSON.stringify(url)}; postMessage(x)`;
  const worker = new Worker("data:text/javascript," + encodeURIComponent(source), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(event);
    };
  });
}
const attempts = (host) => ({
  "file": async () => nested(`file://${host.folder}/mod.js`),
  "http": async () => nested(`http://127.0.0.1:${host.port}/mod.js`),
  "npm": async () => nested("npm:semver@7"),
  "data": async () => load(`data:text/javascript,import "file://${host.folder}/mod.js"`),
});

export default {
  metadata: { id: "attack", version: "1.0.0" },
  async onLoad({ config, log }) {
    for (const [name, attempt] of Object.entries(attempts(config.get("host")))) {
      try {
        log.info(`open: ${name}: ${String(await attempt())}`);
      } catch (error) {
        log.info(`closed: ${name}: ${error?.name}: ${error?.message}`);
      }
    }
  },
};
