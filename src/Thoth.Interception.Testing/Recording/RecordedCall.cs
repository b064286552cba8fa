using System.Text;
using System.Text.Json;

namespace Thoth.Interception.Testing;

/// <summary>Represents a governed call that a <see cref="TestEnforcer"/> has seen. Thread-safe.</summary>
public sealed class RecordedCall
{
    private const int ShownArguments = 300;

    private readonly ReadOnlyMemory<byte> _masked;
    private readonly Lazy<JsonElement> _arguments;
    private volatile BehavioralEvent[] _events = [];

    internal RecordedCall(EnforcementRequest request, ReadOnlyMemory<byte> masked = default)
    {
        Request = request;
        _masked = masked;
        _arguments = new(() => JsonElement.Parse(request.Arguments.IsEmpty ? "{}"u8 : request.Arguments.Span));
    }

    /// <summary>Gets the request that the enforcer got: session, user, history and action included.</summary>
    public EnforcementRequest Request { get; }

    /// <summary>Gets the tool's name.</summary>
    public string ToolName => Request.ToolName;

    /// <summary>Gets the arguments as one JSON object, with sensitive ones in full; empty if the tool has no parameters.</summary>
    public JsonElement Arguments => _arguments.Value;

    /// <summary>Gets the events of the call so far, oldest first.</summary>
    public IReadOnlyList<BehavioralEvent> Events => _events;

    /// <summary>
    /// Gets the effective decision: the enforcer's, the approver's, or the library's own refusal; <see langword="null"/> while
    /// the call is <see cref="CallOutcome.Open"/>.
    /// </summary>
    public EnforcementDecision? Decision => _events.LastOrDefault(static e => e.Decision is not null)?.Decision;

    /// <summary>Gets what became of the call.</summary>
    public CallOutcome Outcome => _events is [.., var last]
        ? last.Phase switch
        {
            EventPhase.Post => CallOutcome.Completed,
            EventPhase.Error => CallOutcome.Failed,
            EventPhase.Block => CallOutcome.Refused,
            EventPhase.Held => CallOutcome.Held,
            EventPhase.Cancelled => CallOutcome.Cancelled,
            _ => CallOutcome.Open,
        }
        : CallOutcome.Open;

    /// <summary>Gets an argument.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <param name="name">The parameter's name.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ThothAssertionException">The call has no argument of that name, or it is not a <typeparamref name="T"/>.</exception>
    public T? Argument<T>(string name)
    {
        if (!Arguments.TryGetProperty(name, out var value))
        {
            throw new ThothAssertionException(
                $"The call of '{ToolName}' has no argument '{name}'. It has: {string.Join(", ", Arguments.EnumerateObject().Select(static argument => argument.Name))}.");
        }

        try
        {
            return value.Deserialize<T>(JsonSerializerOptions.Web);
        }
        catch (JsonException exception)
        {
            throw new ThothAssertionException($"The argument '{name}' of '{ToolName}' cannot be read as {typeof(T).Name}: {exception.Message}");
        }
    }

    /// <summary>Returns the tool, its arguments with sensitive ones masked, and the outcome.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        var arguments = Encoding.UTF8.GetString(_masked.Span);
        var shown = arguments.Length > ShownArguments ? arguments[..ShownArguments] + "…" : arguments;
        var reason = Outcome is CallOutcome.Refused or CallOutcome.Held && Decision?.Reason is { Length: > 0 } text ? $": {text}" : "";
        return $"{ToolName}({shown}) {Outcome.ToString().ToLowerInvariant()}{reason}";
    }

    /// <summary>Adds an event. The log calls it under its lock.</summary>
    internal void Add(BehavioralEvent behavioralEvent) => _events = [.. _events, behavioralEvent];
}
