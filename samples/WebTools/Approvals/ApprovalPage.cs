using System.Security.Claims;
using System.Text.Json;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace WebTools;

/// <summary>Lets people approve the calls that the local policy holds. With an enforcer over HTTP they do so on its page.</summary>
internal static class ApprovalPage
{
    public static void UseApprovalPage(this IThothBuilder thoth)
    {
        thoth.Services.AddSingleton<WaitingCalls>();
        thoth.UseApprover(static services => services.GetRequiredService<WaitingCalls>());
    }

    public static void MapApprovals(this WebApplication app)
    {
        app.MapGet("/approvals", async (WaitingCalls calls, CancellationToken cancellationToken) => await calls.ListAsync(cancellationToken))
            .RequireAuthorization(policy => policy.RequireRole("approver"));

        // The role is checked here, because ResolveAsync does not check who approves.
        app.MapPost("/approvals/{id}", async (string id, ClaimsPrincipal user, IThothHolds holds) =>
            await holds.GetAsync(id) is { } held
            && await holds.ResolveAsync(held, ApprovalAnswer.Approve(user.FindFirstValue(ClaimTypes.NameIdentifier)!))
                ? Results.NoContent()
                : Results.NotFound())
            .RequireAuthorization(policy => policy.RequireRole("approver"));

        app.MapPost("/denials/{id}", async (string id, Denial denial, ClaimsPrincipal user, IThothHolds holds) =>
            await holds.GetAsync(id) is { } held
            && await holds.ResolveAsync(held, ApprovalAnswer.Deny(user.FindFirstValue(ClaimTypes.NameIdentifier)!, denial.Reason))
                ? Results.NoContent()
                : Results.NotFound())
            .RequireAuthorization(policy => policy.RequireRole("approver"));
    }

    private sealed record Denial(string? Reason);
}

/// <summary>Represents a held call as its approver sees it, with the arguments that the tool will run with.</summary>
internal sealed record WaitingCall(string Id, string Tool, JsonElement Arguments, string Reason, string[] Rules, string User, DateTimeOffset ExpiresAt);
