using Watchdesk;

Desk.Build(args).Run();
