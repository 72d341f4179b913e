using System.Text;
using static Watchdesk.Tests.Mail.MimeCase;

namespace Watchdesk.Tests.Mail;

/// <summary>Oddities of bodies: charsets and transfer encodings (RFC 2045), HTML.</summary>
static class MimeBodyCases
{
    public static IEnumerable<MimeCase> All() => [.. Charsets(), .. OddCharsets(), .. QuotedPrintable(), .. Base64s(), .. Html()];

    static IEnumerable<MimeCase> Charsets() => MimeHeaderCases.Charsets.SelectMany(set =>
    {
        var bytes = Charset(set.Charset).GetBytes(set.Text);
        return new MimeCase[]
        {
            new($"body {set.Charset} 8bit", With($"Content-Type: text/plain; charset={set.Charset}\r\nContent-Transfer-Encoding: 8bit", bytes), Text: set.Text),
            new($"body {set.Charset} base64", With($"Content-Type: text/plain; charset=\"{set.Charset}\"\r\nContent-Transfer-Encoding: base64", MimeCase.Base64(bytes)), Text: set.Text),
            new($"body {set.Charset} quoted-printable", With($"Content-Type: text/plain; CHARSET={set.Charset.ToUpperInvariant()}\r\nContent-Transfer-Encoding: Quoted-Printable", Quoted(bytes)), Text: set.Text),
        };
    });

    static IEnumerable<MimeCase> OddCharsets()
    {
        var utf8 = Encoding.UTF8.GetBytes("Größe 🔥");
        yield return new("utf-8 without a type", With("X-A: b", utf8), Text: "Größe 🔥");
        yield return new("utf-8 without a charset", With("Content-Type: text/plain", utf8), Text: "Größe 🔥");
        yield return new("utf-8 said to be ASCII", With("Content-Type: text/plain; charset=us-ascii", Encoding.UTF8.GetBytes("abc")), Text: "abc");
        yield return new("latin-1 without a charset", With("Content-Type: text/plain", Raw("Gr\u00f6\u00dfe")), Text: "Größe");
        yield return new("an unknown charset", With("Content-Type: text/plain; charset=x-unheard-of", utf8), Text: "Größe 🔥");
        yield return new("a charset in quotes with space", With("Content-Type: text/plain; charset=\" utf-8 \"", utf8), Text: "Größe 🔥");
        yield return new("a type that is none", With("Content-Type: text", "abc"), Text: "abc");
        yield return new("an empty type", With("Content-Type:", "abc"), Text: "abc");
        yield return new("a type with a stray semicolon", With("Content-Type: text/plain; ; charset=utf-8;", utf8), Text: "Größe 🔥");
        yield return new("an unknown transfer encoding", With("Content-Transfer-Encoding: 9bit", "abc"), Text: "abc");
        yield return new("binary", With("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: binary", utf8), Text: "Größe 🔥");
        yield return new("utf-8 with a byte order mark", With("Content-Type: text/plain; charset=utf-8", [0xef, 0xbb, 0xbf, .. "abc"u8]));
        yield return new("a NUL", With("Content-Type: text/plain", "a\0b"), Text: "a b");
        yield return new("only old Mac line ends", With("Content-Type: text/plain", "a\rb"), Text: "a\nb");
        yield return new("text/enriched and its like", With("Content-Type: text/x-log; charset=utf-8", "line"), Text: "line");
    }

    static IEnumerable<MimeCase> QuotedPrintable() => new (string Raw, string Text)[]
    {
        ("one=\r\n two", "one two"), ("one=\ntwo", "onetwo"), ("one =\r\ntwo", "one two"), ("a=3Db", "a=b"), ("=c3=b6", "ö"), ("a=ZZb", "a=ZZb"), ("end=", "end"), ("a=20\r\nb", "a \nb"),
        ("tab=09end", "tab\tend"), ("=3Asched-perday-2=3A", ":sched-perday-2:"), (":sched-per=\r\nday-2/1:", ":sched-perday-2/1:"), ("a=  \r\nb", "a=  \nb"),
    }.Select(row => new MimeCase($"quoted-printable {row.Raw.ReplaceLineEndings("/")}", With("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", row.Raw), Text: row.Text));

    static IEnumerable<MimeCase> Base64s()
    {
        var good = Convert.ToBase64String(Encoding.UTF8.GetBytes("Backup of db1 done"));
        return new (string Name, string Raw)[]
        {
            ("on one line", good), ("on lines of 4", string.Join("\r\n", good.Chunk(4).Select(four => new string(four)))), ("with spaces", string.Join(' ', good.Chunk(3).Select(three => new string(three)))),
            ("without padding", good.TrimEnd('=')), ("with an empty line within", good.Insert(8, "\r\n\r\n")), ("with stray characters", good.Insert(4, "!").Insert(9, "*")), ("with trailing dashes", good + "\r\n-- \r\n"),
        }.Select(row => new MimeCase($"base64 {row.Name}", With("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", row.Raw), Text: row.Name.Contains("dashes") ? null : "Backup of db1 done"));
    }

    static IEnumerable<MimeCase> Html() => new (string Html, string Text)[]
    {
        ("<p>one</p><p>two</p>", "one\ntwo"), ("one<br>two<BR/>three", "one\ntwo\nthree"), ("<b>o</b>ne", "one"), ("a &amp; b &lt;c&gt; &euro; &#8364; &nosuch;", "a & b <c> € € &nosuch;"),
        ("<script>alert(1)</script>x<style>p{}</style>", "x"), ("<head><title>t</title></head><body>x</body>", "x"), ("<!-- :critical: -->x", "x"),
        ("<table><tr><td>db1</td><td>98 %</td></tr><tr><td>db2</td><td>3 %</td></tr></table>", "db1\t98 %\ndb2\t3 %"), ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<pre>a\n  b</pre>", "a\n  b"), ("<p>one\n   two\t three</p>", "one two three"), ("<div><div>one</div></div>two", "one\ntwo"), ("<img alt='Disk'>", "Disk"), ("<p>unclosed <b>bold", "unclosed bold"),
        (":sched-per<span>day</span>-2/1:", ":sched-perday-2/1:"), ("&#58;critical&#58;", ":critical:"), ("", ""), ("<html></html>", ""), ("plain text", "plain text"), ("a&nbsp;b", "a b"),
    }.SelectMany(row => new MimeCase[]
    {
        new($"html {row.Html}", With("Content-Type: text/html; charset=us-ascii", row.Html), Text: row.Text),
        new($"html in base64 {row.Html}", With("Content-Type: TEXT/HTML; charset=utf-8\r\nContent-Transfer-Encoding: base64", MimeCase.Base64(Encoding.UTF8.GetBytes(row.Html))), Text: row.Text),
    });
}
