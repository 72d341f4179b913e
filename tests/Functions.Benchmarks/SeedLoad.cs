namespace Watchdesk.Benchmarks;

/// <summary>One line of the load table: what the seed's had, and ours.</summary>
sealed record LoadLine(int Threads, long Samples, double Average, double Min, double Max, double Rate, double Cpu, double Kilobytes, double Calls = 0);

/// <summary>The load table of the chat-bot's report, 7.2.3: two minutes each on four cores of an i7 at 2.8 GHz. Times in milliseconds.</summary>
static class SeedLoad
{
    public static readonly IReadOnlyDictionary<string, LoadLine[]> Lines = new Dictionary<string, LoadLine[]>(StringComparer.Ordinal)
    {
        ["POST /signup"] = [Of(1, 7082, 16, 3, 2002, 58.2, 10), Of(5, 7248, 78, 4, 2014, 59.1, 15), Of(10, 7618, 145, 4, 2056, 62.2, 20), Of(20, 8190, 285, 4, 2033, 66.8, 30)],
        ["POST /login"] = [Of(1, 1701, 70, 65, 104, 14.2, 2), Of(5, 5868, 101, 66, 192, 48.9, 9), Of(10, 4880, 245, 66, 308, 40.6, 10)],
        ["POST /users"] = [Of(1, 1690, 69, 63, 100, 13.5, 2), Of(5, 5762, 98, 64, 185, 47.5, 9), Of(10, 4758, 234, 64, 298, 39.8, 10)],
        ["GET /users"] = [Of(1, 7091, 17, 3, 2002, 58.5, 10), Of(5, 7251, 83, 4, 2009, 59.7, 15), Of(10, 7624, 158, 4, 2034, 62.6, 20), Of(20, 8206, 292, 4, 2027, 67.3, 30)],
        ["GET /users/{id}"] = [Of(1, 7073, 16, 3, 2001, 58.5, 10), Of(5, 7245, 78, 4, 2005, 59.6, 15), Of(10, 7598, 151, 4, 2029, 62.2, 20), Of(20, 8197, 289, 4, 2023, 66.7, 30)],
        ["HEAD /users/{id}"] = [Of(1, 7082, 16, 4, 2002, 58.7, 10), Of(5, 7245, 80, 4, 2007, 59.8, 15), Of(10, 7607, 154, 4, 2030, 61.9, 20), Of(20, 8202, 290, 4, 2025, 67.7, 30)],
        ["PUT /users/{id}"] = [Of(1, 7085, 17, 3, 1995, 58.7, 10), Of(5, 7179, 79, 4, 1989, 59.5, 15), Of(10, 7595, 145, 4, 2034, 62.3, 20), Of(20, 8194, 285, 4, 2027, 66.4, 30)],
        ["DELETE /users/{id}"] = [Of(1, 7084, 17, 3, 2002, 58.2, 10), Of(5, 7248, 74, 4, 1995, 58.7, 15), Of(10, 7605, 144, 4, 2012, 63.5, 20), Of(20, 8195, 285, 4, 2003, 65.6, 30)],
    };

    /// <summary>How many times the seed's throughput at 20 threads is asked for: on the double, on the emulator. Null where the hash bounds both.</summary>
    public static (double Double, double Emulator)? GoalOf(string endpoint) => endpoint switch
    {
        "GET /users" => (50, 2),
        "GET /users/{id}" or "HEAD /users/{id}" => (50, 8),
        "PUT /users/{id}" or "DELETE /users/{id}" => (10, 3),
        _ => null,
    };

    static LoadLine Of(int threads, long samples, double average, double min, double max, double rate, double cpu) => new(threads, samples, average, min, max, rate, cpu, 0);
}
