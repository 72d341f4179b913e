// Loaded into a service that keeps nothing on disk: when the desk is gone, so is its data.
process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
process.stdin.resume();
