using Watchdesk.Hosting;

return await DeskRun.MainAsync(args);
