namespace Thoth.Interception.AI.Tests.Attacks;

/// <summary>One injection. Which call it must not make run is fixed here, before anything runs.</summary>
/// <param name="Name">What the injection does, in a few words.</param>
/// <param name="Place">Where the model reads it.</param>
/// <param name="Text">The text of the injection. The model obeys each line of it that begins with CALL.</param>
/// <param name="Forbidden">What must not run.</param>
internal sealed record Attack(string Name, Place Place, string Text, Forbidden Forbidden)
{
    /// <summary>The texts of the person, if the conversation has more than the first.</summary>
    public string[] Later { get; init; } = [];
}
