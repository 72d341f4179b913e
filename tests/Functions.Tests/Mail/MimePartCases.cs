using static Watchdesk.Tests.Mail.MimeCase;

namespace Watchdesk.Tests.Mail;

/// <summary>Oddities of parts: RFC 2046 multiparts, RFC 2183 and 2231 file names, forwarded and reported mails.</summary>
static class MimePartCases
{
    const string Plain = "Content-Type: text/plain; charset=utf-8\r\n\r\nplain";
    const string Html = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>rich</p>";
    const string Pdf = "Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJDREVGRw==";

    public static IEnumerable<MimeCase> All() => [.. Multiparts(), .. Boundaries(), .. Nested(), .. Names(), .. Attached()];

    static IEnumerable<MimeCase> Multiparts()
    {
        yield return new("alternative", Parts("alternative", Plain, Html), Text: "plain", Files: "");
        yield return new("alternative, HTML first", Parts("alternative", Html, Plain), Text: "plain");
        yield return new("alternative with HTML only", Parts("alternative", Html), Text: "rich");
        yield return new("alternative with an empty plain part", Parts("alternative", "Content-Type: text/plain\r\n\r\n  ", Html), Text: "rich");
        yield return new("mixed with an attachment", Parts("mixed", Plain, Pdf), Text: "plain", Files: "a.pdf|application/pdf|7");
        yield return new("mixed, attachment first", Parts("mixed", Pdf, Plain), Text: "plain", Files: "a.pdf|application/pdf|7");
        yield return new("mixed with two texts", Parts("mixed", Plain, "Content-Type: text/plain\r\n\r\nmore"), Text: "plain\n\nmore");
        yield return new("mixed with a part without headers", Parts("mixed", "\r\nbare"), Text: "bare");
        yield return new("related", Parts("related", Html, "Content-Type: image/png\r\nContent-ID: <i@b>\r\nContent-Disposition: inline; filename=i.png\r\n\r\n1234"), Text: "rich", Files: "i.png|image/png|4");
        yield return new("signed", Parts("signed", Plain, "Content-Type: application/pgp-signature; name=s.asc\r\n\r\nsig"), Text: "plain", Files: "s.asc|application/pgp-signature|3");
        yield return new("encrypted", Parts("encrypted", "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", "Content-Type: application/octet-stream; name=e.asc\r\n\r\ndata"), Text: "");
        yield return new("of an unknown kind", Parts("x-own", Plain, Pdf), Text: "plain", Files: "a.pdf|application/pdf|7");
        yield return new("no part at all", With("Content-Type: multipart/mixed; boundary=b", "--b--\r\n"), Text: "");
        yield return new("no body", With("Content-Type: multipart/mixed; boundary=b", ""), Text: "");
        yield return new("an empty part", Parts("mixed", "", Plain), Text: "plain");
        yield return new("a calendar", Parts("mixed", Plain, "Content-Type: text/calendar; name=c.ics\r\n\r\nBEGIN"), Text: "plain", Files: "c.ics|text/calendar|5");
        yield return new("a text attachment", Parts("mixed", Plain, "Content-Type: text/plain; name=log.txt\r\nContent-Disposition: attachment\r\n\r\nlog :critical:"), Text: "plain", Files: "log.txt|text/plain|14");
        yield return new("tags in the plain part", Parts("alternative", "Content-Type: text/plain\r\n\r\n:sched-perday-2/1: :svr:db1.example.org", Html), Text: ":sched-perday-2/1: :svr:db1.example.org");
    }

    static IEnumerable<MimeCase> Boundaries()
    {
        foreach (var boundary in new[] { "=_b", "b_1.2", "0000000000001", "b'()+_,-./:=?", "b b", new string('x', 70), "--dashes" })
        {
            yield return new($"boundary {boundary}", With($"Content-Type: multipart/mixed; boundary=\"{boundary}\"", $"--{boundary}\r\n{Plain}\r\n--{boundary}\r\n{Pdf}\r\n--{boundary}--\r\n"), Text: "plain", Files: "a.pdf|application/pdf|7");
        }

        yield return new("no end", With("Content-Type: multipart/mixed; boundary=b", $"--b\r\n{Plain}\r\n"), Text: "plain");
        yield return new("cut within a part", With("Content-Type: multipart/mixed; boundary=b", $"--b\r\n{Plain}"), Text: "plain");
        yield return new("cut within a part's headers", With("Content-Type: multipart/mixed; boundary=b", $"--b\r\n{Plain}\r\n--b\r\nContent-Ty"), Text: "plain");
        yield return new("preamble and epilogue", With("Content-Type: multipart/mixed; boundary=b", $"This is MIME.\r\n--b\r\n{Plain}\r\n--b--\r\nafter\r\n"), Text: "plain");
        yield return new("space behind the boundary", With("Content-Type: multipart/mixed; boundary=b", $"--b  \r\n{Plain}\r\n--b--  \r\n"), Text: "plain");
        yield return new("line ends of Unix", Raw($"From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{Plain.ReplaceLineEndings("\n")}\n--b--\n"), Text: "plain");
        yield return new("a boundary that begins another", Parts("mixed", "Content-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\nContent-Type: text/plain\r\n\r\ninner\r\n--bb--", Plain), Text: "inner\n\nplain");
        yield return new("boundary on a line of its own", With("Content-Type: multipart/mixed;\r\n boundary=\"b\"", $"--b\r\n{Plain}\r\n--b--\r\n"), Text: "plain");
        yield return new("BOUNDARY in capitals", With("Content-Type: MULTIPART/MIXED; BOUNDARY=b", $"--b\r\n{Plain}\r\n--b--\r\n"), Text: "plain");
        yield return new("a line of dashes in a text", Parts("mixed", "Content-Type: text/plain\r\n\r\none\r\n--\r\n-----\r\ntwo"), Text: "one\n--\n-----\ntwo");
    }

    static IEnumerable<MimeCase> Nested()
    {
        var inner = "Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n" + Plain + "\r\n--c\r\n" + Html + "\r\n--c--";
        var forwarded = "From: disk@db1.example.org\r\nSubject: =?utf-8?Q?=3Acritical=3A_Disk?=\r\n\r\nfull";
        yield return new("alternative within mixed", Parts("mixed", inner, Pdf), Text: "plain", Files: "a.pdf|application/pdf|7");
        yield return new("mixed within alternative", Parts("alternative", "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n" + Html + "\r\n--c\r\n" + Pdf + "\r\n--c--"), Text: "rich", Files: "a.pdf|application/pdf|7");
        yield return new("a forwarded mail", Parts("mixed", Plain, $"Content-Type: message/rfc822\r\n\r\n{forwarded}"), Text: "plain\n\nSubject: :critical: Disk\nfull");
        yield return new("only a forwarded mail", With("Content-Type: message/rfc822", forwarded), Text: "Subject: :critical: Disk\nfull");
        yield return new("a digest", With("Content-Type: multipart/digest; boundary=b", $"--b\r\n\r\n{forwarded}\r\n--b\r\n\r\n{forwarded}\r\n--b--"), Text: "Subject: :critical: Disk\nfull\n\nSubject: :critical: Disk\nfull");
        yield return new("a report of delivery", Parts("report; report-type=delivery-status", Plain, "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nStatus: 5.1.1"), Text: null);
        foreach (var depth in new[] { 3, 10, 15 })
        {
            var deep = Enumerable.Range(0, depth).Aggregate(Plain, (part, n) => $"Content-Type: multipart/mixed; boundary=n{n}\r\n\r\n--n{n}\r\n{part}\r\n--n{n}--");
            yield return new($"{depth} deep", Parts("mixed", deep), Text: "plain");
        }
    }

    static IEnumerable<MimeCase> Names() => new (string Parameter, string Name)[]
    {
        ("filename=a.txt", "a.txt"), ("filename=\"a b.txt\"", "a b.txt"), ("filename=\"a\\\"b.txt\"", "a\"b.txt"), ("filename*=utf-8''Gr%C3%B6%C3%9Fe.txt", "Größe.txt"), ("filename*=iso-8859-1'de'Gr%F6%DFe.txt", "Größe.txt"),
        ("filename*0=\"long \"; filename*1=\"name.txt\"", "long name.txt"), ("filename*0*=utf-8''Gr%C3%B6; filename*1*=%C3%9Fe.txt", "Größe.txt"), ("filename*0*=utf-8''Gr%C3%B6%C3%9Fe; filename*1=\".txt\"", "Größe.txt"),
        ("filename=\"=?utf-8?Q?Gr=C3=B6=C3=9Fe.txt?=\"", "Größe.txt"), ("FILENAME=a.txt", "a.txt"), ("filename=a.txt; size=5", "a.txt"), ("filename = a.txt", "a.txt"), ("filename=\"../../etc/passwd\"", "../../etc/passwd"),
        ("filename=\"<b>.txt\"", "<b>.txt"), ("filename=;x=y", "(no name)"), ("x=y", "(no name)"),
    }.Select(row => new MimeCase($"name {row.Parameter}", Parts("mixed", Plain, $"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; {row.Parameter}\r\n\r\n12345"), Text: "plain", Files: $"{row.Name}|application/octet-stream|5"));

    static IEnumerable<MimeCase> Attached()
    {
        yield return new("a name in the type only", Parts("mixed", Plain, "Content-Type: application/zip; name=\"a b.zip\"\r\n\r\n12345"), Files: "a b.zip|application/zip|5");
        yield return new("a mail that is an attachment", With("Content-Type: application/zip\r\nContent-Disposition: attachment; filename=a.zip\r\nContent-Transfer-Encoding: base64", "QUJD"), Text: "", Files: "a.zip|application/zip|3");
        yield return new("uuencoded", Parts("mixed", Plain, "Content-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a.bin\r\n#86)C\r\n`\r\nend\r\n"), Files: "a.bin|application/octet-stream|3");
        yield return new("quoted-printable attachment", Parts("mixed", Plain, "Content-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n1=3B2"), Files: "a.csv|text/csv|3");
        yield return new("sixty attachments", Parts("mixed", [Plain, .. Enumerable.Range(0, 60).Select(n => $"Content-Type: image/png; name={n}.png\r\n\r\n1")]), Text: "plain", Files: string.Join(',', Enumerable.Range(0, 50).Select(n => $"{n}.png|image/png|1")));
        yield return new("an attachment of a megabyte", Parts("mixed", Plain, $"Content-Type: application/x-tar; name=a.tar\r\nContent-Transfer-Encoding: base64\r\n\r\n{MimeCase.Base64(new byte[1_000_000])}"), Text: "plain", Files: "a.tar|application/x-tar|1000000");
    }
}
