namespace AgentChat.Conversations;

/// <summary>A user of the page. The sample has a picker in place of a sign-in.</summary>
/// <param name="Id">The user's id in sessions and events.</param>
/// <param name="Name">The name that the page shows.</param>
internal sealed record Person(string Id, string Name)
{
    public static IReadOnlyList<Person> All { get; } = [new("mia", "Mia"), new("omar", "Omar")];
}
