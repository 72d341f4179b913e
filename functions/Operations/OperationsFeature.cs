using Watchdesk.Clients;
using Watchdesk.Incidents;
using Watchdesk.Operations.Escalations;
using Watchdesk.Operations.Runners;
using Watchdesk.Schedules;

namespace Watchdesk.Operations;

/// <summary>Adds cloud operations: from a sentence or a button to an audited, approved, recoverable run.</summary>
public static class OperationsFeature
{
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddRunners();
        var services = builder.Services;
        services.AddSingleton<OperationStore>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<OperationStore>());
        services.AddSingleton<CancelledBy>(provider => async (tenant, operation, cancellationToken) =>
            (await provider.GetRequiredService<OperationStore>().GetAsync(tenant, operation, cancellationToken))?.CancelledBy);
        services.AddSingleton<OperationDesk>();
        services.AddSingleton<Approvers>();
        services.AddSingleton<TellPeople>();
        services.AddSingleton<OperationTeller>();
        services.AddSingleton<PrepareOperation>();
        services.AddSingleton<PassGate>();
        services.AddSingleton<NoteStep>();
        services.AddSingleton<HearBeat>();
        services.AddSingleton<EndOperation>();
        services.AddSingleton<IDueHandler, OperationDue>();
        services.AddSingleton<EscalationStore>();
        services.AddSingleton<EscalationDesk>();
        services.AddSingleton<RotationDesk>();
        services.AddSingleton<PlanEscalation>();
        services.AddSingleton<TellEscalation>();
        services.AddSingleton<StopEscalations>();
        services.AddSingleton<NoteTaken>(provider => provider.GetRequiredService<StopEscalations>().NoteTakenAsync);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Add(OperationsJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(EscalationsJson.Default);
        });
    }

    public static void MapOperations(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapRunners();
        OperationsApi.Map(app);
        RunOperation.Map(app);
        PrepareOperation.Map(app);
        PassGate.Map(app);
        NoteStep.Map(app);
        HearBeat.Map(app);
        EndOperation.Map(app);
        EscalationsApi.Map(app);
        CalendarFeed.Map(app);
        Escalate.Map(app);
        PlanEscalation.Map(app);
        TellEscalation.Map(app);
    }
}
