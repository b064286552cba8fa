using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception;

/// <summary>Represents the governed call that a tool runs in: see <see cref="ICurrentToolCall"/>. It contains no argument.</summary>
public sealed class RunningToolCall
{
    private readonly ToolCall? _call;

    /// <summary>Creates a value for tests of tools. Applications get theirs from <see cref="ICurrentToolCall"/>.</summary>
    public RunningToolCall()
    {
    }

    [SetsRequiredMembers]
    internal RunningToolCall(ToolCall call)
    {
        _call = call;
        ToolName = call.Tool.Name;
        SessionId = call.Session.Id;
        UserId = call.Session.Context.UserId;
        CallId = call.Details?.CallId;
        Approver = call.WasReleased ? ApproverIn(call.Decision?.Evidence.TerminalReceipt) : null;
    }

    /// <summary>Gets the tool's name in policies and events.</summary>
    public required string ToolName { get; init; }

    /// <summary>Gets the id of the call's session.</summary>
    public required string SessionId { get; init; }

    /// <summary>Gets the user on whose behalf the call is made.</summary>
    public required string UserId { get; init; }

    /// <summary>Gets the id of this call in requests and events. A held call keeps it when it is resumed.</summary>
    public required string ActionAttestationId
    {
        get => field ?? _call!.Request.ActionAttestationId;
        init;
    }

    /// <summary>Gets the id that the model gave the call; <see langword="null"/> if <see cref="ToolCallOptions.CallId"/> was not set.</summary>
    public string? CallId { get; init; }

    /// <summary>
    /// Gets who approved the call, as the enforcer reports it; <see langword="null"/> if the call was not held, or the enforcer does not
    /// say.
    /// </summary>
    public string? Approver { get; init; }

    /// <summary>
    /// Gets a key by which a system that the tool writes to knows a repetition of this call, 64 characters of <c>[0-9a-f]</c>. It stays
    /// the same if a held call is resumed, if a call with the same <see cref="ToolCallOptions.CallId"/> and arguments is made again, and if
    /// an equal call follows in the same session scope after this one failed. It is an identifier and not a secret: only with
    /// <see cref="ThothOptions.ApiKey"/> it cannot be computed by others.
    /// </summary>
    public required string IdempotencyKey
    {
        get => field ?? _call!.IdempotencyKey;
        init;
    }

    /// <summary>Returns the tool and the id of the call.</summary>
    /// <returns>A text that is safe to log.</returns>
    public override string ToString() => $"{ToolName} ({ActionAttestationId})";

    private static string? ApproverIn(JsonElement? receipt) =>
        receipt is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("approver", out var approver) && approver.ValueKind == JsonValueKind.String
            ? approver.GetString()
            : null;
}
