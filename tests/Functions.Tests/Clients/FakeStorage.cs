using Azure.Core.Pipeline;
using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

/// <summary>The storage clients over a fake HTTP side, without waits between tries.</summary>
static class FakeStorage
{
    public const string Tables = "http://127.0.0.1:10002/devstoreaccount1";
    public const string Queues = "http://127.0.0.1:10001/devstoreaccount1";
    public const string Blobs = "http://127.0.0.1:10000/devstoreaccount1";

    public static StorageServices Over(FakeHttp http, TimeProvider? clock = null) =>
        new(() => StorageAccount.Emulator(10002, 10001, 10000), clock ?? TimeProvider.System, testTransport: new HttpClientTransport(new HttpClient(http)))
        {
            RetryDelay = TimeSpan.FromTicks(1),
        };
}
