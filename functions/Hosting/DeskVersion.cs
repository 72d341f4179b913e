using System.Reflection;

namespace Watchdesk.Hosting;

/// <summary>The version that was built, without the commit.</summary>
public static class DeskVersion
{
    public static string Text { get; } = typeof(DeskVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
