using System.Globalization;
using System.Text;
using Watchdesk.Mail;
using Watchdesk.Mail.Mime;
using Xunit.Abstractions;

namespace Watchdesk.Tests.Mail;

/// <summary>At least two hundred oddities of mails, written from the RFCs, are read without loss.</summary>
public class MimeMailTests(ITestOutputHelper output)
{
    static readonly Dictionary<string, MimeCase> Corpus =
        new[] { (Of: "headers", Cases: MimeHeaderCases.All()), (Of: "body", Cases: MimeBodyCases.All()), (Of: "parts", Cases: MimePartCases.All()) }
            .SelectMany(group => group.Cases.Select(oddity => (Name: $"{group.Of}: {oddity.Name}", oddity)))
            .ToDictionary(pair => pair.Name, pair => pair.oddity, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Corpus.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Demand", "S4-1")]
    public void An_oddity_is_read_without_loss(string name)
    {
        var oddity = Corpus[name];

        var content = MimeMail.Read(oddity.Bytes);

        Compare(oddity.Subject, content.Subject, "subject");
        Compare(oddity.Text, content.Text, "text");
        Compare(oddity.From, content.From, "from");
        Compare(oddity.MessageId, content.MessageId, "message id");
        Compare(oddity.Files, string.Join(',', content.Attachments.Select(file => $"{file.Name}|{file.Type}|{file.Bytes}")), "attachments");
        Compare(oddity.SentAt, content.SentAt?.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) ?? "", "sent at");
        content.IsWithinBounds.ShouldBeTrue();
    }

    [Fact]
    public void The_corpus_has_at_least_two_hundred_oddities()
    {
        output.WriteLine($"{Corpus.Count} oddities");
        Corpus.Count.ShouldBeGreaterThanOrEqualTo(200);
    }

    [Fact]
    public void A_text_is_kept_up_to_its_bound_and_says_that_it_is_cut()
    {
        var content = MimeMail.Read(MimeCase.With("Content-Type: text/plain; charset=utf-8", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ö🔥", 100_000)))));

        Encoding.UTF8.GetByteCount(content.Text).ShouldBeInRange(MailBounds.TextBytes - 4, MailBounds.TextBytes);
        content.IsCut.ShouldBeTrue();
        content.Text.ShouldNotContain('\ufffd');
    }

    [Theory]
    [InlineData("parts")]
    [InlineData("headers")]
    [InlineData("depth")]
    [InlineData("forwards")]
    [InlineData("html")]
    [InlineData("tables")]
    [InlineData("addresses")]
    [InlineData("words")]
    [Trait("Size", "Large")]
    public void Ten_mebibytes_of_anything_cost_bounded_memory_and_time(string kind)
    {
        var mail = Hostile(kind);
        var before = GC.GetTotalAllocatedBytes();
        var began = System.Diagnostics.Stopwatch.StartNew();

        var content = MimeMail.Read(mail);

        output.WriteLine($"{kind}: {mail.Length >> 20} MiB in {began.ElapsedMilliseconds} ms, {(GC.GetTotalAllocatedBytes() - before) >> 20} MiB allocated, text {content.Text.Length}");
        content.IsWithinBounds.ShouldBeTrue();
        began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(1L << 30);
    }

    static byte[] Hostile(string kind)
    {
        var (head, unit) = kind switch
        {
            "parts" => ("Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--b\n\n"),
            "headers" => ("", "a:\n"),
            "depth" => ("Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--b\nContent-Type: multipart/mixed; boundary=b\n\n"),
            "forwards" => ("Content-Type: message/rfc822\r\n\r\n", "Content-Type: message/rfc822\n\n"),
            "html" => ("Content-Type: text/html\r\n\r\n", "<b><a><div>"),
            "tables" => ("Content-Type: text/html\r\n\r\n", "<table><td>"),
            "addresses" => ("To: ", "a@b.c, (((x\r\n "),
            _ => ("Subject: ", "=?utf-8?Q?a?=\r\n "),
        };
        return MimeCase.Raw(MimeCase.Top + head + string.Concat(Enumerable.Repeat(unit, (MailBounds.MessageBytes - 200) / unit.Length)));
    }

    static void Compare(string? expected, string? read, string what)
    {
        if (expected is not null)
        {
            read.ShouldBe(expected, what);
        }
    }
}
