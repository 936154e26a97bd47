// Loaded with --require: writes the process's peak memory, in KiB, where the bench asks for it.
const { writeFileSync } = require("node:fs");

process.on("exit", () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));
