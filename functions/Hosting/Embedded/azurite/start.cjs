// Starts one Azurite service in a session of its own, so that neither Ctrl+C nor a crash of the desk ends it, and
// prints its process id. With "follow" it ends with the desk: it watches the desk's end of standard input.
const { spawn } = require("child_process");
const { openSync } = require("fs");
const path = require("path");

const [, , mode, log, ...args] = process.argv;
const out = openSync(log, "w");
const follow = mode === "follow";
const ofService = { table: ["./partitions.cjs"], queue: ["./expired.cjs"] }[path.basename(path.dirname(args[0]))] ?? [];
const loaded = ["./drain.cjs", ...(follow ? ["./follow.cjs"] : []), ...ofService].flatMap((file) => ["-r", require.resolve(file)]);
const child = spawn(process.execPath, [...loaded, ...args], {
  detached: true,
  stdio: [follow ? "inherit" : "ignore", out, out],
});
child.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on("spawn", () => {
  console.log(child.pid);
  process.exit(0);
});
