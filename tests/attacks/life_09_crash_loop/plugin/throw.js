setTimeout(() => {
  throw new Error("gone");
});
await new Promise(() => {});
