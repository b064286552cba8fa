using AgentChat.Conversations;
using AgentChat.Models;
using AgentChat.Tools;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.AI;

namespace AgentChat.Web;

/// <summary>Renders the page: the conversation of one user, and what the tools did.</summary>
internal sealed class ChatPage(SupportAgent agent, DecisionLog decisions, Company company, ChosenModel model, RunOptions run)
{
    public string Show(Conversation conversation, AntiforgeryTokenSet tokens)
    {
        var snapshot = conversation.Read();
        var entries = Transcript.Of(snapshot.Messages, decisions.CallsOf(conversation.Id));
        var field = Html.Of($"<input type=\"hidden\" name=\"{tokens.FormFieldName}\" value=\"{tokens.RequestToken}\">");
        var isWaiting = snapshot.State != ConversationState.Idle;
        return "<!DOCTYPE html>\n" + Html.Of(
            $"""
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>{(snapshot.State == ConversationState.Waiting ? "(1) " : "")}Support agent · Thoth sample</title>
              <link rel="icon" href="/assets/chat.svg" type="image/svg+xml">
              <link rel="stylesheet" href="/assets/chat.css">
              {(isWaiting ? Html.Of($"<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>") : Html.Nothing)}
              <script src="/assets/chat.js" defer></script>
            </head>
            <body>
              <a class="skip" href="#say">Skip to the message field</a>
              <header class="bar">
                <p class="brand"><img src="/assets/chat.svg" alt="" width="22" height="22"> <span>Support agent</span></p>
                <p class="about"><span class="muted">Model</span> {model.Name} <span class="muted">· policy</span> {run.Enforcer ?? "in this process"}</p>
                <form class="people" method="post" action="/user">
                  {field}
                  <span class="muted" id="as">You are</span>
                  <span class="picker" role="group" aria-labelledby="as">{Person.All.Select(person => PersonButton(person, conversation.Person))}</span>
                </form>
              </header>
              <div class="columns">
                <main>
                  <div id="transcript" data-live aria-live="polite" aria-label="Conversation" role="log">
                    {(entries.Count == 0 ? Welcome(conversation) : Html.Nothing)}
                    {entries.Select((entry, index) => Show(entry, index, field))}
                    {Status(snapshot)}
                  </div>
                  {Composer(snapshot, entries, field)}
                </main>
                <aside aria-label="What the tools did">
                  <section class="panel" id="effects" data-live>
                    <h2>What the tools did</h2>
                    <p class="muted">A call that was refused leaves nothing here.</p>
                    {Effects()}
                  </section>
                  <form method="post" action="/restart">{field}<button class="quiet" name="restart" value="by the person">Start a new conversation</button></form>
                </aside>
              </div>
              <p class="unseen" id="announce" role="status"></p>
            </body>
            </html>
            """);
    }

    private static Html PersonButton(Person person, Person current) => Html.Of(
        $"""<button name="person" value="{person.Id}" aria-pressed="{(person == current ? "true" : "false")}">{person.Name}</button>""");

    private Html Welcome(Conversation conversation) => Html.Of(
        $"""
        <div class="welcome" data-key="welcome">
          <h1>Good day, {conversation.Person.Name}.</h1>
          <p>This agent finds orders, refunds them, writes mails and exports contacts. It does whatever it is told, also by a document:
          policy decides about each of its calls. {(model.IsScripted ? "The model is a script; the requests below are its case." : "")}</p>
        </div>
        """);

    private Html Show(Entry entry, int index, Html field) => entry switch
    {
        Entry.Text { ByPerson: true } text => Html.Of($"""<div class="said person" data-key="t{index}"><span class="unseen">You: </span><p>{text.Content}</p></div>"""),
        Entry.Text text => Html.Of($"""<div class="said agent" data-key="t{index}"><span class="unseen">Agent: </span><p>{text.Content}</p></div>"""),
        Entry.Call { Open: { } open } call => Approval(call, open, field),
        Entry.Call call => CallView.Show(call),
        _ => Html.Nothing,
    };

    private Html Approval(Entry.Call call, ToolApprovalRequestContent open, Html field)
    {
        var reason = open.AdditionalProperties?["thoth.reason"]?.ToString();
        var yes = agent.HostApproves
            ? Html.Of($"""<button class="approve" name="answer" value="approve">Approve</button>""")
            : Html.Of($"""<a class="button approve" href="{run.Enforcer}" target="_blank" rel="noopener noreferrer">Open the approvals</a>""");
        return Html.Of(
            $"""
            <section class="card" data-key="{open.RequestId}" aria-label="{call.Content.Name} needs an approval">
              <header><span class="mark step_up">Waits for an approval</span> <h2 class="tool">{call.Content.Name}</h2></header>
              <p class="why">{reason}</p>
              {CallView.Arguments(call.Content)}
              <form method="post" action="/answer">
                {field}
                <input type="hidden" name="request" value="{open.RequestId}">
                <p class="muted">{(agent.HostApproves ? "The call runs once, with these arguments." : "A person decides on the enforcer's page. The conversation then goes on by itself.")}</p>
                <button class="deny" name="answer" value="deny">{(agent.HostApproves ? "Deny" : "Withdraw")}</button>
                {yes}
              </form>
            </section>
            """);
    }

    private static Html Status(ConversationSnapshot snapshot) => snapshot switch
    {
        { Problem: { } problem } => Html.Of($"<p class=\"notice wrong\" role=\"alert\" data-key=\"problem\">{problem}</p>"),
        { State: ConversationState.Working } => Html.Of($"<p class=\"working muted\" data-key=\"working\"><span class=\"dot\"></span> The agent works</p>"),
        _ => Html.Nothing,
    };

    private Html Composer(ConversationSnapshot snapshot, IReadOnlyList<Entry> entries, Html field)
    {
        var hint = snapshot.State switch
        {
            ConversationState.Waiting => "A call waits for an approval",
            ConversationState.Working => "The agent works",
            _ => "Write to the agent",
        };
        var off = snapshot.State == ConversationState.Idle ? Html.Nothing : Html.Of($"disabled");
        var said = entries.OfType<Entry.Text>().Where(static text => text.ByPerson).Select(static text => text.Content).ToHashSet(StringComparer.Ordinal);
        var suggestions = model.IsScripted && snapshot.State == ConversationState.Idle
            ? SupportCase.Scenes.Where(scene => !said.Contains(scene.Request))
                .Select(scene => Html.Of($"""<button name="suggestion" value="{scene.Request}">{scene.Request}</button>"""))
            : [];
        return Html.Of(
            $"""
            <div class="composer">
              <form class="suggestions" id="suggestions" method="post" action="/say" data-live aria-label="Requests of the case">{field}{suggestions}</form>
              <form class="line" method="post" action="/say">
                {field}
                <label class="unseen" for="say">Message</label>
                <span id="field" data-live><input id="say" name="text" maxlength="2000" autocomplete="off" placeholder="{hint}" required {off}> <button class="send" {off}>Send</button></span>
              </form>
            </div>
            """);
    }

    private Html Effects()
    {
        var effects = company.Effects.Reverse().ToList();
        return effects.Count == 0
            ? Html.Of($"<p class=\"empty\">Nothing yet.</p>")
            : Html.Of($"<ol>{effects.Select(static effect => Html.Of($"<li><span class=\"tool\">{effect.Tool}</span> {effect.What}</li>"))}</ol>");
    }
}
