using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Events.Http;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events;

/// <summary>Contract §5.5: what is told about sessions.</summary>
public class SessionEventTests
{
    [Test]
    public async Task StartedSession_LeavesOneEventOfItsOwn()
    {
        await using var host = WrappedTools.Host();
        using var session = host.Sessions.Start(new ThothSessionOptions { SessionId = "s-1", EnforcementTraceId = "trace-1" });

        var e = (await host.EventsAsync()).Single();

        Assert.That((e.Type, e.Content, e.ToolName), Is.EqualTo((BehavioralEventType.SessionStarted, "thoth_sdk_session_start", "thoth_sdk")));
        Assert.That(e.Request.Context, Is.SameAs(session.Context));
        Assert.That(e.Request.SessionToolCalls, Is.Empty);
        Assert.That(session.ToolCalls, Is.Empty);
    }

    [Test]
    public async Task InProcess_TheProvidersOwnSessionLeavesNone()
    {
        await using var host = WrappedTools.Host();
        host.Wrap(() => 1)();

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Post"]));
    }

    [Test]
    public async Task TheApi_IsToldOfTheStartOnce_AndOfTheCall()
    {
        await using var host = await EventHost.StartAsync();
        var tool = host.Services.GetRequiredService<IToolGovernor>().WrapTool("read_invoices", (string id) => "paid");
        tool("inv_1");
        tool("inv_2");
        await host.Pipeline.FlushAsync();

        var events = host.Server.Events.SelectMany(r => r.Json.EnumerateArray()).OrderBy(e => e.GetProperty("event_type").GetString()).ToList();

        Assert.That(
            events.Select(e => e.GetProperty("event_type").GetString()),
            Is.EqualTo(["LLM_INVOCATION", "TOOL_CALL_POST", "TOOL_CALL_POST", "TOOL_CALL_PRE", "TOOL_CALL_PRE"]));
        var own = host.Services.GetRequiredService<IThothSessions>().Current.Id;
        Assert.That(events.Select(e => e.GetProperty("session_id").GetString()), Is.All.EqualTo(own));
        Assert.That(host.Server.Events.Select(r => r.Body), Has.None.Contains("inv_1"));
        var post = events[1].GetProperty("metadata");
        Assert.That(post.GetProperty("authorization_decision").GetString(), Is.EqualTo("ALLOW"));
        Assert.That(post.GetProperty("result_type").GetString(), Is.EqualTo("String"));
        Assert.That(post.GetProperty("result_size_bytes").GetInt32(), Is.EqualTo(6));
        Assert.That(post.GetProperty("duration_ms").ValueKind, Is.EqualTo(JsonValueKind.Number));
    }

    [Test]
    public async Task AddedSink_GetsTheEventsBesideTheApi()
    {
        var sink = new InMemoryEventSink();
        await using var host = await EventHost.StartAsync(add: services => services.AddThoth().AddEventSink(sink));
        await host.DeliverAsync(12);

        Assert.That(sink.Events, Has.Count.EqualTo(12));
        Assert.That(host.Server.Events, Has.Count.EqualTo(2));
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 24, Sent = 24 }));
    }

    [Test]
    public async Task HangingIngest_DoesNotDelayATool()
    {
        await using var host = await EventHost.StartAsync(o => o.Events.DrainTimeout = TimeSpan.Zero);
        host.Server.OnEvents = _ => ContractAnswer.Never;
        var tool = host.Services.GetRequiredService<IToolGovernor>().WrapTool("x", () => "ok");

        // Nothing here could end a wait: the clock stands still and the server never responds.
        Assert.That(Enumerable.Range(0, 100).Select(_ => tool()), Is.All.EqualTo("ok"));
    }
}
