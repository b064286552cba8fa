using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Health;
using Thoth.Enforcer.Serialization;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tenants;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Api;

/// <summary>The wire contract's endpoints.</summary>
internal static class ApiEndpoints
{
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/v1").WithTags("Thoth").ProducesProblems();
        api.MapPost("/enforce", EnforceAsync).WithName("enforce").WithSummary("Decide about a tool call.")
            .Accepts<EnforceRequestBody>(MediaTypeNames.Application.Json).Produces<EnforceResponse>()
            .WithMetadata(new RequiredRights(KeyRights.Execute, "enforce"), new RequestSizeLimitAttribute(EnforcerOptions.MaxBodyBytes));
        api.MapGet("/enforce/hold/{token}", HoldAsync).WithName("hold").WithSummary("The state of a held call.")
            .Produces<HoldResponse>()
            .WithMetadata(new RequiredRights(KeyRights.Execute, "hold"));
        api.MapPost("/events/batch", EventsAsync).WithName("events").WithSummary("Store behavioural events: an array, or {\"events\":[…]}.")
            .Produces<EventReceipt>(StatusCodes.Status202Accepted)
            .WithMetadata(new RequiredRights(KeyRights.Write, "events"), new RequestSizeLimitAttribute(EnforcerOptions.MaxEventsBytes));
        api.MapPost("/explain", ExplainAsync).WithName("explain").WithSummary("Explain a decision.")
            .Accepts<ExplainRequestBody>(MediaTypeNames.Application.Json).Produces<ExplainResponse>()
            .WithMetadata(new RequiredRights(KeyRights.Execute, "explain"), new RequestSizeLimitAttribute(EnforcerOptions.MaxBodyBytes));
        routes.MapGet("/health", HealthAsync).WithName("health").WithSummary("Whether the server can decide.").WithTags("Thoth")
            .Produces<HealthResponse>().Produces<HealthResponse>(StatusCodes.Status503ServiceUnavailable);
    }

    private static RouteGroupBuilder ProducesProblems(this RouteGroupBuilder group)
    {
        foreach (var status in (int[])[400, 401, 403, 404, 413, 415, 429])
        {
            group.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ApiError), [MediaTypeNames.Application.Json]));
        }

        return group;
    }

    private static async Task<IResult> EnforceAsync(HttpContext context, EnforceHandler handler)
    {
        var body = await RequestBody.ReadAsync<EnforceRequestBody>(context);
        return Json(await handler.DecideAsync(
            Caller.Of(context).TenantFor(body.TenantId), new ReceivedCall(CallingSdks.Of(context.Request), body)));
    }

    private static async Task<IResult> HoldAsync(string token, HttpContext context, HoldCollector collector)
    {
        var poll = HoldPoll.Of(context.Request);
        var response = await collector.PollAsync(Caller.Of(context).Tenant, token, poll)
            ?? throw new ApiException(StatusCodes.Status404NotFound, "hold_not_found", "The hold does not exist.");
        if (poll.IsPeek)
        {
            context.Response.Headers[HoldPoll.PeekHeader] = HoldPoll.Yes;
        }

        return Json(response);
    }

    private static async Task<IResult> EventsAsync(HttpContext context, EventIngestHandler handler)
    {
        var caller = Caller.Of(context);
        return Json(await handler.IngestAsync(await RequestBody.ReadAsync(context), caller), StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ExplainAsync(HttpContext context, EnforcerDatabase database, TimeProvider time)
    {
        var body = await RequestBody.ReadAsync<ExplainRequestBody>(context);
        var tenant = Caller.Of(context).TenantFor(body.TenantId);
        return Json(database.Read(connection => Find(connection, tenant, body) is { } row
            ? ExplainResponse.Of(row, CallOutcome.Of(connection, row, time.GetUtcNow()))
            : throw new ApiException(StatusCodes.Status404NotFound, "decision_not_found", "The decision does not exist.")));
    }

    private static DecisionRow? Find(SqliteConnection connection, string tenant, ExplainRequestBody body) =>
        body.ViolationId is { Length: > 0 } id ? ResponseWriter.DecisionIdOf(id) is { } decision ? DecisionTable.Find(connection, tenant, decision) : null
        : body is { SessionId: { } session, ToolName: { } tool } ? DecisionTable.Last(connection, tenant, session, tool)
        : null;

    private static async Task<IResult> HealthAsync(PolicyEngine engine, EnforcerHealth health)
    {
        var problems = await health.CheckAsync();
        return Json(
            HealthResponse.Of(engine.Policy, problems),
            problems.Any(static problem => problem.StopsDecisions) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static IResult Json<T>(T value, int status = StatusCodes.Status200OK) => Results.Json(value, ApiJson.Options, statusCode: status);
}
