using AgentChat.Conversations;
using AgentChat.Models;
using Thoth.Interception;
using Thoth.Interception.AI;

namespace AgentChat;

/// <summary>Plays the support case at the console, and checks how each call ended.</summary>
internal sealed class ConsoleDemo(SupportAgent agent, DecisionLog decisions)
{
    private static readonly string[] s_expected =
    [
        "find_order Allowed", "read_doc Allowed", "refund Approved",
        "send_email Blocked", "send_email Allowed",
        "export_contacts Changed",
        "read_doc Allowed", "export_contacts Changed", "send_email Blocked", "open_page Blocked",
    ];

    /// <summary>Plays the case.</summary>
    /// <returns>The exit code: 0 only if each call ended as expected.</returns>
    public async Task<int> PlayAsync()
    {
        var conversation = new Conversation($"mia-{Guid.NewGuid():N}", Person.All[0]);
        var shown = 0;
        foreach (var scene in SupportCase.Scenes)
        {
            await agent.Say(conversation, scene.Request)!;
            shown = Print(conversation, shown);
            foreach (var request in conversation.OpenRequests())
            {
                Console.WriteLine("  (You press Approve.)");
                await agent.Answer(conversation, request.RequestId, approve: true)!;
                shown = Print(conversation, shown - 1);
            }

            Console.WriteLine();
        }

        var ended = Transcript.Of(conversation.Read().Messages, decisions.CallsOf(conversation.Id)).OfType<Entry.Call>()
            .Select(static call => $"{call.Content.Name} {call.Decided?.Verdict.Text}").ToList();
        var asExpected = ended.SequenceEqual(s_expected);
        Console.WriteLine(asExpected ? $"All {ended.Count} calls ended as the policy says." : $"Expected: {string.Join(", ", s_expected)}\nEnded: {string.Join(", ", ended)}");
        return asExpected ? 0 : 1;
    }

    private int Print(Conversation conversation, int from)
    {
        var entries = Transcript.Of(conversation.Read().Messages, decisions.CallsOf(conversation.Id));
        foreach (var entry in entries.Skip(from))
        {
            Console.WriteLine(entry switch
            {
                Entry.Text { ByPerson: true } text => $"You:   {text.Content}",
                Entry.Text text => $"Agent: {text.Content}",
                Entry.Call { Open: not null } call => $"  [Waits] {call.Content.Name}: {call.Decided?.Reason}",
                Entry.Call call => $"  [{call.Decided?.Verdict.Text}] {call.Content.Name}; the model read: {call.Read?.ReplaceLineEndings(" ")}",
                _ => "",
            });
        }

        return entries.Count;
    }
}
