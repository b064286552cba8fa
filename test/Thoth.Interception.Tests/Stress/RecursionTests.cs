using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Stress;

/// <summary>Governed tools that call governed tools, as the container gives them.</summary>
public class RecursionTests
{
    private const int Depth = 20;

    public interface IWalkTools
    {
        int Walk(int depth);

        Task<int> WalkLaterAsync(int depth);

        IEnumerable<int> WalkAll(int depth);

        IAsyncEnumerable<int> WalkAllLaterAsync(int depth);
    }

    public interface ILookTools
    {
        int Look(int depth);
    }

    public enum Walking
    {
        Now,
        Later,
        Sequence,
        AsyncSequence,
    }

    [Test]
    public async Task ToolThatCallsItselfAndAnother_EachCallIsGovernedOnceInItsOrder(
        [Values] Walking walking, [Values] bool decideLater, [Values] ServiceLifetime lifetime)
    {
        await using var host = GovernedHost.Create(services => services
            .AddGovernedTools<IWalkTools, WalkTools>(lifetime).AddGovernedTools<ILookTools, LookTools>(lifetime));
        if (decideLater)
        {
            host.Enforcer.DecideAsync = async (_, _) =>
            {
                await Task.Yield();
                return ScriptedEnforcer.Allow;
            };
        }

        // One thread for all: whatever waited for it while it waits would never end.
        var result = await SingleThreadContext.RunAsync(async () =>
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await WalkAsync(scope.ServiceProvider.GetRequiredService<IWalkTools>(), walking, Depth);
        });

        var own = walking switch { Walking.Now => "walk", Walking.Later => "walk_later", Walking.Sequence => "walk_all", _ => "walk_all_later" };
        var order = Enumerable.Repeat(own, Depth + 1).Append("look").ToList();
        Assert.That(result, Is.EqualTo(Depth));
        Assert.That(host.Sessions.Current.ToolCalls, Is.EqualTo(order));
        Assert.That(host.Enforcer.Requests.Select(request => request.SessionToolCalls.Count), Is.EqualTo(Enumerable.Range(1, Depth + 2)));
        Assert.That(host.Enforcer.Requests.Select(request => request.ToolName), Is.EqualTo(order));

        // The innermost call begins last and ends first.
        var events = await host.EventsAsync();
        var begun = events.Where(e => e.Phase == EventPhase.Pre).Select(e => e.Request).ToList();
        var ended = events.Where(e => e.Phase == EventPhase.Post).Select(e => e.Request).ToList();
        Assert.That(events, Has.Count.EqualTo(2 * (Depth + 2)));
        Assert.That(begun, Is.EqualTo(host.Enforcer.Requests));
        Assert.That(ended, Is.EqualTo(begun.AsEnumerable().Reverse()));
    }

    [Test]
    public async Task ToolThatCallsAnother_InnerIsBlocked_OuterFailsWithItsRefusal([Values] Walking walking)
    {
        await using var host = GovernedHost.Create(services => services
            .AddGovernedTools<IWalkTools, WalkTools>().AddGovernedTools<ILookTools, LookTools>());
        host.Enforcer.Decide = request => request.ToolName == "look" ? ScriptedEnforcer.Block : ScriptedEnforcer.Allow;
        await using var scope = host.Services.CreateAsyncScope();

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(
            () => WalkAsync(scope.ServiceProvider.GetRequiredService<IWalkTools>(), walking, depth: 0));

        Assert.That(refusal!.ToolName, Is.EqualTo("look"));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPre/Pre", "ToolCallBlock/Block", "ToolCallPost/Error"]));
    }

    private static async Task<int> WalkAsync(IWalkTools tools, Walking walking, int depth) => walking switch
    {
        Walking.Now => tools.Walk(depth),
        Walking.Later => await tools.WalkLaterAsync(depth),
        Walking.Sequence => tools.WalkAll(depth).Single(),
        _ => await tools.WalkAllLaterAsync(depth).SingleAsync(),
    };

    private sealed class WalkTools(IServiceProvider services) : IWalkTools
    {
        private IWalkTools Self => services.GetRequiredService<IWalkTools>();

        public int Walk(int depth) => depth == 0 ? Look() : Self.Walk(depth - 1) + 1;

        public async Task<int> WalkLaterAsync(int depth)
        {
            await Task.Yield();
            return depth == 0 ? Look() : await Self.WalkLaterAsync(depth - 1) + 1;
        }

        public IEnumerable<int> WalkAll(int depth)
        {
            yield return depth == 0 ? Look() : Self.WalkAll(depth - 1).Single() + 1;
        }

        public async IAsyncEnumerable<int> WalkAllLaterAsync(int depth)
        {
            await Task.Yield();
            yield return depth == 0 ? Look() : await Self.WalkAllLaterAsync(depth - 1).SingleAsync() + 1;
        }

        private int Look() => services.GetRequiredService<ILookTools>().Look(0);
    }

    private sealed class LookTools : ILookTools
    {
        public int Look(int depth) => depth;
    }
}
