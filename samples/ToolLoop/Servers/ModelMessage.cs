namespace ToolLoops.Servers;

/// <summary>One message of a conversation, as both providers have it.</summary>
/// <param name="Role">Who wrote it.</param>
/// <param name="Text">The text; for <see cref="ModelRole.Tool"/> the result.</param>
internal sealed record ModelMessage(ModelRole Role, string Text)
{
    /// <summary>Gets the calls in a message of the model.</summary>
    public IReadOnlyList<ScriptedCall> Calls { get; init; } = [];
}
