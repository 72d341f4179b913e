using System.Globalization;

namespace Watchdesk.Tests.Support;

/// <summary>How large the large tests are: WATCHDESK_TEST_SCALE, a tenth unless told.</summary>
public static class TestScale
{
    public static readonly double Factor =
        double.TryParse(Environment.GetEnvironmentVariable("WATCHDESK_TEST_SCALE"), CultureInfo.InvariantCulture, out var factor) ? factor : 0.1;

    public static int Of(int whole) => Math.Max(1, (int)(whole * Factor));
}
