using Watchdesk.Operations.Runners;

namespace Watchdesk.Tests.Operations.Runners;

[Trait("Demand", "S3-5")]
public sealed class MaskingTests
{
    [Theory]
    [InlineData("key=a/b+c\"d end", "key=******** end")]
    [InlineData("https://x?sig=a%2Fb%2Bc%22d", "https://x?sig=********")]
    [InlineData("{\"k\":\"a/b\\u002Bc\\u0022d\"}", "{\"k\":\"********\"}")]
    [InlineData("{\"SecretAccessKey\": \"wJalr\", \"NextToken\": \"abc\"}", "{\"SecretAccessKey\": \"********\", \"NextToken\": \"abc\"}")]
    [InlineData("N\bNA\bAM\bME\bE", "NAME")]
    [InlineData("\u001b[31mred\u001b[0m\u0007 \tx\r\n", "red \tx\n")]
    public void Text_is_fit_for_people(string text, string clean) => Masking.Clean(text, ["a/b+c\"d"]).ShouldBe(clean);

    [Fact]
    public void Long_text_says_where_it_was_cut()
    {
        var clean = Masking.Clean("a" + new string('x', 1_000_000) + "z", []);

        clean.Length.ShouldBeLessThanOrEqualTo(StepResult.MaxOutput);
        clean.ShouldStartWith("ax");
        clean.ShouldEndWith("xz");
        clean.ShouldContain("characters are left out");
    }
}
