// What is closed here ends the process: the platform throws it where nobody can catch it.
process.getBuiltinModule("node:dgram").createSocket("udp4").send("x", 9, "127.0.0.1");
await new Promise(() => {});
