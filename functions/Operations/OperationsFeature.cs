using Watchdesk.Operations.Runners;

namespace Watchdesk.Operations;

/// <summary>Adds cloud operations: from a sentence or a button to an audited, approved, recoverable run.</summary>
public static class OperationsFeature
{
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddRunners();
    }

    public static void MapOperations(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapRunners();
    }
}
