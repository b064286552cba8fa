using System.Collections.Concurrent;

namespace AgentChat.Conversations;

/// <summary>Keeps the current conversation of each user. It ends with the process.</summary>
internal sealed class ConversationStore
{
    private readonly ConcurrentDictionary<string, Conversation> _current = new();

    public Conversation Of(Person person) => _current.GetOrAdd(person.Id, static (_, owner) => New(owner), person);

    /// <summary>Replaces the conversation of a user. The old one may still end its turn.</summary>
    public void Restart(Person person)
    {
        var old = Of(person);
        _current[person.Id] = New(person);
        old.Wake();
    }

    private static Conversation New(Person person) => new($"{person.Id}-{Guid.NewGuid():N}", person);
}
