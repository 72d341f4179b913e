using System.Runtime.InteropServices;

namespace Watchdesk.Mail;

/// <summary>A place in a text that moves on with what is read.</summary>
[StructLayout(LayoutKind.Auto)]
struct TagCursor(string text, int at, int end)
{
    const int MaxSpace = 3;

    public int At { get; private set; } = at;

    public string LastWord { get; private set; } = "";

    public readonly bool IsAtEnd => At >= end;

    /// <summary>True when there was space; at most three blanks are skipped, and no line end.</summary>
    public bool SkipSpace()
    {
        var from = At;
        while (At < end && At - from < MaxSpace && text[At] is ' ' or '\t' or '\u00a0')
        {
            At++;
        }

        return At > from;
    }

    public bool Take(char wanted)
    {
        if (At >= end || text[At] != wanted)
        {
            return false;
        }

        At++;
        return true;
    }

    public bool TakeSpaced(char wanted)
    {
        SkipSpace();
        return Take(wanted);
    }

    public string TakeWhile(Func<char, bool> isWanted)
    {
        var from = At;
        while (At < end && isWanted(text[At]))
        {
            At++;
        }

        return text[from..At];
    }

    /// <summary>The letters from here on, in lower case.</summary>
    public string Word()
    {
        SkipSpace();
        return LastWord = TakeWhile(char.IsAsciiLetter).ToLowerInvariant();
    }

    /// <summary>Behind the next space or colon, or at the end.</summary>
    public int ToEndOfWord()
    {
        TakeWhile(c => !char.IsWhiteSpace(c) && c != ':');
        Take(':');
        return At;
    }
}
