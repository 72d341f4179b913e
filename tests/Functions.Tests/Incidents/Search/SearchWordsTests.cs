using Watchdesk.Incidents.Search;

namespace Watchdesk.Tests.Incidents.Search;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("Disk 98 % full",             "disk 98 full")]
    [InlineData("db01.example.org is down",   "db01.example.org db01 example org is down")]
    [InlineData("root@web-01: x, A",          "root@web-01 root web 01")]
    [InlineData("Überlauf in Köln, ŁÓDŹ",     "uberlauf in koln lodz")]
    [InlineData("Диск полон",                 "диск полон")]
    [InlineData("...--- !!",                  "")]
    public void Words_are_folded_and_names_are_split_and_whole(string text, string words) => string.Join(' ', SearchWords.Of([text])).ShouldBe(words);

    [Fact]
    public void A_mail_has_at_most_64_distinct_words() =>
        SearchWords.Of([string.Join(' ', Enumerable.Range(0, 200).Select(n => $"word{n} word1"))]).Count.ShouldBe(64);

    [Theory]
    [InlineData("root@web-01", "root:web-01")]
    [InlineData("db01.example.org", "db01.example.org")]
    public void A_key_is_the_word(string word, string key) => SearchWords.Key(word).ShouldBe(key);

    [Fact]
    public void Other_letters_are_hashed() => SearchWords.Key("диск").ShouldMatch("^:[0-9a-f]{24}$");
}
