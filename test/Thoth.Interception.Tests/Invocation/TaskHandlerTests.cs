using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

public class TaskHandlerTests
{
    private static readonly string[] s_completed = ["ToolCallPre/Pre", "ToolCallPost/Post"];
    private static readonly string[] s_failed = ["ToolCallPre/Pre", "ToolCallPost/Error"];
    private static readonly string[] s_blocked = ["ToolCallPre/Pre", "ToolCallBlock/Block"];

    private readonly TaskCompletionSource _gate = new();
    private readonly TaskCompletionSource _work = new();
    private readonly FileTools _tools = new();

    public interface IFileTools
    {
        Task SaveAsync(string name);

        Task<string> ReadFileAsync(string name, int limit = 10, CancellationToken cancellationToken = default);
    }

    [Test]
    public async Task Call_Allowed_RunsTheToolAndLeavesTwoEvents()
    {
        await using var host = GovernedHost.For<IFileTools>(_tools);
        _tools.OnRead = name => Task.FromResult($"content of {name}");

        var result = await host.Get<IFileTools>().ReadFileAsync("a.txt", 3);

        Assert.That(result, Is.EqualTo("content of a.txt"));
        Assert.That(host.LastArguments, Is.EqualTo("""{"name":"a.txt","limit":3}"""));
        Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("read_file"));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Call_Blocked_RefusesThroughTheTaskAndDoesNotRunTheTool([Values] bool later)
    {
        await using var host = Host(later);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block with { ViolationId = "v1" };

        var task = host.Get<IFileTools>().ReadFileAsync("a.txt");
        _gate.TrySetResult();

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => task);
        Assert.That(exception!.Message, Is.EqualTo("Thoth blocked tool 'read_file': no (violation_id=v1)"));
        Assert.That(task.IsFaulted, Is.True);
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_blocked));
    }

    [Test]
    public async Task Call_TaskWithoutResult_IsGovernedAlike()
    {
        await using var host = Host();
        _tools.OnSave = _ => Task.CompletedTask;

        await host.Get<IFileTools>().SaveAsync("a.txt");
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        var refused = host.Get<IFileTools>().SaveAsync("b.txt");

        await Assert.ThrowsAsync<PolicyViolationException>(() => refused);
        Assert.That(_tools.Runs, Is.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo([.. s_completed, .. s_blocked]));
    }

    [Test]
    public async Task Call_DecisionAndToolAreDone_ReturnsTheToolsOwnTask()
    {
        await using var host = Host();
        var (read, save) = (Task.FromResult("x"), Task.FromException(new InvalidDataException()));
        _tools.OnRead = _ => read;
        _tools.OnSave = _ => save;

        Assert.That(ReferenceEquals(host.Get<IFileTools>().ReadFileAsync("a"), read), Is.True);
        Assert.That(ReferenceEquals(host.Get<IFileTools>().SaveAsync("a"), save), Is.True);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo([.. s_completed, .. s_failed]));
    }

    [Test]
    public async Task Call_DecisionPending_StartsTheToolOnlyOnceItHasCome()
    {
        await using var host = Host(decideLater: true);

        var task = host.Get<IFileTools>().ReadFileAsync("a");
        var before = (task.IsCompleted, _tools.Runs);
        _gate.TrySetResult();

        Assert.That(await task, Is.EqualTo("a"));
        Assert.That(before, Is.EqualTo((false, 0)));
        Assert.That(_tools.Runs, Is.EqualTo(1));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Call_ToolRunsLong_RecordsTheEndOnlyWhenItIsThere()
    {
        await using var host = Host();
        var work = new TaskCompletionSource<string>();
        _tools.OnRead = _ => work.Task;

        var task = host.Get<IFileTools>().ReadFileAsync("a");
        var before = await host.EventNamesAsync();
        work.SetResult("done");

        Assert.That(await task, Is.EqualTo("done"));
        Assert.That(before, Is.EqualTo(["ToolCallPre/Pre"]));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Call_ToolFails_GivesTheSameExceptionWithItsOwnFrameFirst([Values] bool decideLater, [Values] bool failLater)
    {
        await using var host = Host(decideLater);
        var thrown = new InvalidDataException("broken");
        _tools.OnRead = async _ =>
        {
            await (failLater ? _work.Task : Task.CompletedTask);
            throw thrown;
        };

        var task = host.Get<IFileTools>().ReadFileAsync("a");
        _gate.TrySetResult();
        _work.TrySetResult();

        var caught = await Assert.ThrowsAsync<InvalidDataException>(() => task);
        Assert.That(caught, Is.SameAs(thrown));
        Assert.That(caught!.StackTrace!.Split('\n')[0], Does.Contain(nameof(Call_ToolFails_GivesTheSameExceptionWithItsOwnFrameFirst)));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
        Assert.That((await host.EventsAsync())[1].ErrorType, Is.EqualTo("System.IO.InvalidDataException"));
    }

    [Test]
    public async Task Call_ToolThrowsInsteadOfReturningATask_ThrowsAsTheBareServiceDoes()
    {
        await using var host = Host();
        var thrown = new ArgumentException("bad name");
        _tools.OnRead = _ => throw thrown;

        Assert.That(() => { _ = host.Get<IFileTools>().ReadFileAsync("a"); }, Throws.Exception.SameAs(thrown));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
    }

    [Test]
    public async Task Call_ToolThrowsInsteadOfReturningATaskAfterALateDecision_FailsTheTask()
    {
        await using var host = Host(decideLater: true);
        var thrown = new ArgumentException("bad name");
        _tools.OnRead = _ => throw thrown;

        var task = host.Get<IFileTools>().ReadFileAsync("a");
        _gate.TrySetResult();

        Assert.That(await Assert.ThrowsAsync<ArgumentException>(() => task), Is.SameAs(thrown));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
    }

    [Test]
    public async Task Call_ToolFailsInSeveralWays_KeepsEveryException([Values] bool decideLater, [Values] bool failLater)
    {
        await using var host = Host(decideLater);
        Exception[] thrown = [new InvalidDataException(), new TimeoutException()];
        _tools.OnSave = _ => Task.WhenAll(FailAsync(thrown[0]), FailAsync(thrown[1]));

        var task = host.Get<IFileTools>().SaveAsync("a");
        _gate.TrySetResult();
        _work.TrySetResult();

        // Task.WhenAll keeps them in the order in which they came; the first is what an await throws.
        var caught = await Assert.CatchAsync(() => task);
        Assert.That(task.Exception!.InnerExceptions, Is.EquivalentTo(thrown));
        Assert.That(caught, Is.SameAs(task.Exception.InnerExceptions[0]));

        async Task FailAsync(Exception exception)
        {
            await (failLater ? _work.Task : Task.CompletedTask);
            throw exception;
        }
    }

    [Test]
    public async Task Call_NullTaskAndDecisionAtOnce_ReturnsNull()
    {
        await using var host = Host();
        _tools.OnRead = _ => null!;
        _tools.OnSave = _ => null!;

        Assert.That(host.Get<IFileTools>().ReadFileAsync("a") is null, Is.True);
        Assert.That(host.Get<IFileTools>().SaveAsync("a") is null, Is.True);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo([.. s_completed, .. s_completed]));
    }

    [Test]
    public async Task Call_NullTaskAfterALateDecision_FailsAsAwaitingNullDoes()
    {
        await using var host = Host(decideLater: true);
        _tools.OnRead = _ => null!;

        var task = host.Get<IFileTools>().ReadFileAsync("a");
        _gate.TrySetResult();

        var exception = await Assert.ThrowsAsync<NullReferenceException>(() => task);
        Assert.That(exception!.Message, Is.EqualTo("The tool 'read_file' returned no task."));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Call_Modified_RunsWithTheNewArguments([Values] bool later)
    {
        await using var host = Host(later);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"name":"safe.txt","limit":1}""");

        var task = host.Get<IFileTools>().ReadFileAsync("secret.txt");
        _gate.TrySetResult();

        Assert.That(await task, Is.EqualTo("safe.txt"));
    }

    private GovernedHost Host(bool decideLater = false)
    {
        var host = GovernedHost.For<IFileTools>(_tools);
        if (decideLater)
        {
            host.Enforcer.DecideAfter(_gate.Task);
        }

        return host;
    }

    private sealed class FileTools : IFileTools
    {
        private int _runs;

        public int Runs => _runs;

        public Func<string, Task> OnSave { get; set; } = _ => Task.CompletedTask;

        public Func<string, Task<string>> OnRead { get; set; } = Task.FromResult;

        public Task SaveAsync(string name)
        {
            Interlocked.Increment(ref _runs);
            return OnSave(name);
        }

        public Task<string> ReadFileAsync(string name, int limit, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _runs);
            return OnRead(name);
        }
    }
}
