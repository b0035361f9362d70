const load = new Function("name", "options", "return import(name, options)");
const blob = (source) => URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
function nested(url) {
  const source = `import x from ${JSON.stringify(url)}; postMessage(x)`;
  return started(new Worker("data:text/javascript," + encodeURIComponent(source), { type: "module" }));
}
function started(worker) {
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
  "data, remote": async () => load(`data:text/javascript,import "http://127.0.0.1:${host.port}/mod.js"`),
  "blob": async () => load(blob(`import "file://${host.folder}/mod.js"`)),
  "blob, text": async () => load(blob(`import "file://${host.secret}" with { type: "text" }`)),
  "a worker from a file": async () => started(new Worker(`file://${host.folder}/mod.js`, { type: "module" })),
  "a worker from a server": async () => started(new Worker(`http://127.0.0.1:${host.port}/mod.js`, { type: "module" })),
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
