// Loaded into a service that keeps nothing on disk: when the desk is gone, so is its data.
const path = require("path");

// In memory each message is an extent of its own, and the queue service's sweep, every minute, stands still for as long
// as the square of their number: half a minute after 20,000 messages. There is memory enough without it.
require(path.join(path.dirname(process.argv[1]), "utils", "constants")).DEFAULT_GC_INTERVAL_MS = 0x7fffffff;

process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
process.stdin.resume();
