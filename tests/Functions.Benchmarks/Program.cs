using Watchdesk.Benchmarks;

return await Benchmarks.RunAsync(args);
