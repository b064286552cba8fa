using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AspNetCore.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.Requests;

/// <summary>A request that waits for an approval and is aborted: the approval that comes afterwards runs nothing.</summary>
public class AbortTests
{
    [TestCase("/refund", Description = "a task")]
    [TestCase("/refund-with-token", Description = "a task with the request's own token")]
    [TestCase("/refund-with-other-token", Description = "a task with a token of the application")]
    [TestCase("/refund-now", Description = "a synchronous tool, which blocks its thread")]
    [TestCase("/refund-parts", Description = "a sequence")]
    [TestCase("/decide", Description = "a call without a signature")]
    [TestCase("/refund", null, Description = "in the request's own session")]
    public async Task ApprovalAfterTheAbort_RunsNothing(string path, string? conversation = "chat")
    {
        var approver = new LateApprover();
        var sink = new InMemoryEventSink();
        var ended = 0;
        await using var host = await WebHost.StartAsync(
            app =>
            {
                app.Use(async (context, next) =>
                {
                    try
                    {
                        await next(context);
                    }
                    finally
                    {
                        Interlocked.Increment(ref ended);
                    }
                });
                WebHost.MapDefault(app);
                app.MapPost("/refund-with-other-token", (IShopTools shop, string order, int amount) =>
                    shop.RefundWithTokenAsync(order, amount, app.Lifetime.ApplicationStopping));
                app.MapPost("/decide", async (IToolGovernor governor, IShopTools shop, string order, int amount) =>
                {
                    using var decision = await governor.DecideAsync(
                        new ToolDescriptor("refund"), new Dictionary<string, object?> { ["order"] = order, ["amount"] = amount }, new() { WaitForApproval = true });
                    await decision.RunAsync((_, _) => shop.RefundAsync(order, amount));
                });
            },
            builder => builder.Services.AddThoth().UseApprover(approver).AddEventSink(sink),
            thoth: options => (options.StepUp.Mode, options.StepUp.PollInterval) = (StepUpMode.Wait, TimeSpan.FromMilliseconds(1)));
        using var abort = new CancellationTokenSource();
        var request = host.SendAsync(HttpMethod.Post, $"{path}?order=A-1&amount=250", conversation: conversation, cancellationToken: abort.Token);
        await approver.Asked.Task;

        await abort.CancelAsync();
        await Eventually.TrueAsync(() => Volatile.Read(ref ended) == 1, "the aborted request ends");
        approver.Answer.SetResult(ApprovalAnswer.Approve("bob"));
        await host.App.Services.GetRequiredService<IEventPipeline>().FlushAsync();

        await Assert.MultipleAsync(async () =>
        {
            await Assert.CatchAsync<OperationCanceledException>(() => request);
            Assert.That(host.Runs, Is.Empty);
            Assert.That(sink.Events.Select(e => e.Phase).Where(phase => phase != EventPhase.Pre), Is.EqualTo((EventPhase[])[EventPhase.Cancelled]));
            Assert.That((await host.SessionAsync(conversation: "chat")).ToolCalls, Is.Empty);
        });
    }

    [Test]
    public async Task RequestThatIsNotAborted_RunsOnceApproved()
    {
        var approver = new LateApprover();
        await using var host = await WebHost.StartAsync(
            build: builder => builder.Services.AddThoth().UseApprover(approver), thoth: options => options.StepUp.Mode = StepUpMode.Wait);
        var request = host.PostAsync("/refund?order=A-1&amount=250");
        await approver.Asked.Task;
        approver.Answer.SetResult(ApprovalAnswer.Approve("bob"));

        using var response = await request;

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(host.Runs, Has.Count.EqualTo(1));
        });
    }

    private sealed class LateApprover : LocalPolicy.IApprover
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<ApprovalAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<ApprovalAnswer> DecideAsync(LocalPolicy.ApprovalRequest request, CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            return await Answer.Task;
        }
    }
}
