using Watchdesk.Hosting;

namespace Watchdesk.Incidents;

/// <summary>
/// A pattern over paths of the organisation, for example <c>shop.*.ui.*</c>: a <c>*</c> stands for one level, at the end for one or
/// more. <c>*</c> alone is everything, also what has no path.
/// </summary>
public sealed class OrgPath
{
    public const int MaxOfIncident = 20;
    const int MaxLength = 200;
    const int MaxLevels = 20;
    const string Any = "*";

    readonly string[] _levels;

    OrgPath(string[] levels) => _levels = levels;

    public string Text => string.Join('.', _levels);

    /// <summary>Also as a mail has it: <c>:org:shop.ui.*:</c>.</summary>
    /// <exception cref="InvalidRequestException">It is no pattern.</exception>
    public static OrgPath Parse(string? text)
    {
        var path = (text ?? "").Trim();
        path = path.StartsWith(":org:", StringComparison.OrdinalIgnoreCase) ? path[5..].TrimEnd(':') : path;
        var levels = path.Split('.');
        return path.Length is > 0 and <= MaxLength && levels.Length <= MaxLevels && levels.All(IsLevel)
            ? new OrgPath(levels)
            : throw new InvalidRequestException($"org is a path such as shop.frontend.ui.*, with 1 to {MaxLevels} levels of letters, digits, - and _, or * for any level.");
    }

    /// <param name="paths">Those of an incident; none when it is unclassified.</param>
    public bool MatchesAny(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return _levels is [Any] || paths.Any(Matches);
    }

    public bool Matches(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (_levels is [Any])
        {
            return true;
        }

        var levels = path.Split('.');
        var isOpenEnded = _levels[^1] == Any;
        return path.Length > 0
            && (isOpenEnded ? levels.Length >= _levels.Length : levels.Length == _levels.Length)
            && _levels.Zip(levels).All(pair => pair.First == Any || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    static bool IsLevel(string level) => level == Any || (level.Length > 0 && level.All(c => char.IsLetterOrDigit(c) || c is '-' or '_'));
}
