using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Stress;

/// <summary>The same calls without and with governance: neither the tool nor its caller may see a difference.</summary>
public class BareAndGovernedTests
{
    public enum Timing
    {
        /// <summary>The enforcer changes what is ambient and decides at once.</summary>
        AtOnce,

        /// <summary>The enforcer changes what is ambient and decides later, from another thread.</summary>
        Later,

        /// <summary>The enforcer changes what is ambient and fails; the call is let through.</summary>
        FailsOpen,
    }

    [Test]
    public async Task Call_EnforcerChangesWhatIsAmbient_ToolAndCallerSeeWhatTheySeeWithoutIt(
        [Values] ToolReturnType returnType, [Values] Timing timing, [Values] bool toolWaits, [Values] bool toolChanges)
    {
        var tools = new StressTools { Waits = _ => toolWaits };
        await using var host = GovernedHost.For<IStressTools>(tools, options => options.FailOpen = true);
        Script(host.Enforcer, timing);

        var bare = await ObserveAsync(tools, tools, returnType, toolChanges);
        var governed = await ObserveAsync(host.Get<IStressTools>(), tools, returnType, toolChanges);

        // A call whose decision is not there yet returns before the body begins: the order is not compared.
        Assert.That(governed, Is.EquivalentTo(bare));
        Assert.That(bare.Select(sight => sight.Where), Is.SupersetOf(new[] { "body", "rest", "returned", "ended" }));
        Assert.That(bare.Select(sight => sight.Value), Is.All.AnyOf("the caller", "the tool"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Call_RefusedByAnEnforcerThatChangesWhatIsAmbient_CallerKeepsItsOwn([Values] ToolReturnType returnType)
    {
        await using var host = GovernedHost.For<IStressTools>(new StressTools());
        host.Enforcer.Decide = _ =>
        {
            AmbientSight.Change("the enforcer", "tr-TR");
            return ScriptedEnforcer.Block;
        };

        var sights = await SingleThreadContext.RunAsync(async () =>
        {
            AmbientSight.Change("the caller", "de-CH");
            var sights = new List<AmbientSight> { AmbientSight.From("before") };
            await Assert.ThrowsAsync<PolicyViolationException>(() => host.Get<IStressTools>().UseAsync(returnType, 1, where => sights.Add(AmbientSight.From(where))));
            return sights;
        });

        Assert.That(sights.Select(sight => sight with { Where = "" }).Distinct().Count(), Is.EqualTo(1));
    }

    private static Task<List<AmbientSight>> ObserveAsync(IStressTools called, StressTools tools, ToolReturnType returnType, bool toolChanges) =>
        SingleThreadContext.RunAsync(async () =>
        {
            Thread.CurrentThread.Name = "the caller's thread";
            AmbientSight.Change("the caller", "de-CH");
            var sights = new List<AmbientSight>();
            tools.OnRun = (_, _) =>
            {
                sights.Add(AmbientSight.From("body"));
                if (toolChanges)
                {
                    AmbientSight.Change("the tool", "fr-FR");
                }
            };
            tools.OnRest = _ => sights.Add(AmbientSight.From("rest"));
            await called.UseAsync(returnType, 1, where => sights.Add(AmbientSight.From(where)));
            return sights;
        });

    private static void Script(ScriptedEnforcer enforcer, Timing timing)
    {
        if (timing != Timing.Later)
        {
            enforcer.Decide = _ =>
            {
                AmbientSight.Change("the enforcer", "tr-TR");
                return timing == Timing.AtOnce
                    ? ScriptedEnforcer.Allow
                    : throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerUnreachable, "down");
            };
            return;
        }

        // No async method, which would keep its changes to itself.
        enforcer.DecideAsync = (_, _) =>
        {
            AmbientSight.Change("the enforcer", "tr-TR");
            var decision = new TaskCompletionSource<EnforcementDecision>();
            var decider = new Thread(() => decision.SetResult(ScriptedEnforcer.Allow));
            if (SynchronizationContext.Current is { } callers)
            {
                // Its turn comes when the caller's thread is free, so the call has had to wait for the decision by then.
                callers.Post(_ => decider.Start(), null);
            }
            else
            {
                decider.Start();
            }

            return new(decision.Task);
        };
    }
}
