using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

/// <summary>What a tool changes in the flow of its caller is there afterwards, exactly as without a proxy, and nothing else is.</summary>
public class AmbientValueAttackTests
{
    private static readonly AsyncLocal<string?> s_value = new();
    private static readonly AsyncLocal<string?> s_other = new();

    public interface ITools
    {
        string Sync();

        Task<string> TaskAsync();

        IEnumerable<int> Lazy();
    }

    private sealed class Tools : ITools
    {
        public Action Next { get; set; } = static () => { };

        public string Sync()
        {
            Next();
            return "done";
        }

        public Task<string> TaskAsync()
        {
            Next();
            return Task.FromResult("done");
        }

        public IEnumerable<int> Lazy()
        {
            yield return 1;
            Next();
            yield return 2;
        }
    }

    public enum Form
    {
        Sync,
        Task,
        Lazy,
    }

    [Test]
    public async Task ChangedValues_AreSeenByTheCaller_AndTheCallIsGone([Values] Form form, [Values] bool inSession, [Values] bool nothingBefore)
    {
        await using var host = Host();
        RunAlone(() =>
        {
            using var session = inSession ? host.Sessions.GetOrStart("conv-1").Enter() : null;
            s_value.Value = nothingBefore ? null : "before";
            var culture = CultureInfo.GetCultureInfo("de-CH");

            Call(host, form, () =>
            {
                Assert.That(host.Get<ICurrentToolCall>().Call, Is.Not.Null);
                s_value.Value = "changed";
                CultureInfo.CurrentCulture = culture;
            });

            Assert.That((s_value.Value, CultureInfo.CurrentCulture), Is.EqualTo(("changed", culture)));
            Assert.That(host.Get<ICurrentToolCall>().Call, Is.Null);
            Assert.That(host.Sessions.Current.Id == "conv-1", Is.EqualTo(inSession));
        });
    }

    [Test]
    public async Task ValueThatTheToolSetsAndTakesBack_IsAsBefore([Values] Form form)
    {
        await using var host = Host();
        RunAlone(() =>
        {
            s_value.Value = "before";
            Call(host, form, static () =>
            {
                s_value.Value = "changed";
                s_value.Value = "before";
            });

            Assert.That((s_value.Value, host.Get<ICurrentToolCall>().Call), Is.EqualTo(("before", (RunningToolCall?)null)));
        });
    }

    [Test]
    public async Task SuppressedFlow_IsAsTheToolLeavesIt([Values(Form.Sync, Form.Task)] Form form, [Values] bool before)
    {
        await using var host = Host();
        RunAlone(() =>
        {
            s_value.Value = "before";
            if (before)
            {
                ExecutionContext.SuppressFlow();
            }

            Call(host, form, () =>
            {
                if (before)
                {
                    ExecutionContext.RestoreFlow();
                }
                else
                {
                    ExecutionContext.SuppressFlow();
                }

                s_other.Value = "changed";
            });

            Assert.That((ExecutionContext.IsFlowSuppressed(), s_value.Value, s_other.Value), Is.EqualTo((!before, "before", "changed")));
            Assert.That(host.Get<ICurrentToolCall>().Call, Is.Null);
            if (!before)
            {
                ExecutionContext.RestoreFlow();
            }
        });
    }

    [Test]
    public async Task ToolThatThrows_HasChangedTheValueAllTheSame()
    {
        await using var host = Host();
        RunAlone(() =>
        {
            Assert.That(
                () => CallSync(host, static () =>
                {
                    s_value.Value = "changed";
                    throw new FormatException();
                }),
                Throws.TypeOf<FormatException>());
            Assert.That((s_value.Value, host.Get<ICurrentToolCall>().Call), Is.EqualTo(("changed", (RunningToolCall?)null)));
        });
    }

    [Test]
    public async Task ActivityThatTheToolLeavesOpen_IsCurrent_AndOneThatItStopsIsNot([Values] bool stops)
    {
        await using var host = Host();
        RunAlone(() =>
        {
            using var outer = new Activity("outer").Start();
            Activity? inner = null;
            CallSync(host, () =>
            {
                inner = new Activity("inner").Start();
                if (stops)
                {
                    inner.Stop();
                }
            });

            Assert.That(Activity.Current, Is.SameAs(stops ? outer : inner));
            inner!.Stop();
        });
    }

    [Test]
    public async Task NestedCalls_LeaveTheCallerInItsSession_AndEachSeesItself()
    {
        await using var host = Host();
        RunAlone(() =>
        {
            using var session = host.Sessions.GetOrStart("conv-1").Enter();
            var seen = new List<string?>();
            var current = host.Get<ICurrentToolCall>();
            CallSync(host, () =>
            {
                var outer = current.Call!.ActionAttestationId;
                using (host.Sessions.GetOrStart("conv-2").Enter())
                {
                    CallSync(host, () => seen.Add(current.Call!.SessionId));
                    seen.Add(host.Sessions.Current.Id);
                }

                seen.Add(current.Call!.ActionAttestationId == outer ? "outer" : "another");
            });

            Assert.That(seen, Is.EqualTo(["conv-2", "conv-2", "outer"]));
            Assert.That((host.Sessions.Current.Id, current.Call), Is.EqualTo(("conv-1", (RunningToolCall?)null)));
        });
    }

    private static void Call(GovernedHost host, Form form, Action body)
    {
        host.Get<Tools>().Next = body;
        switch (form)
        {
            case Form.Sync:
                host.Get<ITools>().Sync();
                break;
            case Form.Task:
                host.Get<ITools>().TaskAsync();
                break;
            default:
                Assert.That(host.Get<ITools>().Lazy().Sum(), Is.EqualTo(3));
                break;
        }
    }

    private static void CallSync(GovernedHost host, Action body) => Call(host, Form.Sync, body);

    private static GovernedHost Host() => GovernedHost.Create(static services =>
    {
        var tools = new Tools();
        services.AddSingleton(tools).AddSingleton<ITools>(tools).AddGovernedTools<ITools>(static govern => govern.Coverage = ToolCoverage.Off);
    });

    /// <summary>Runs on a thread of its own, which has no ambient values.</summary>
    private static void RunAlone(Action body)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                body();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.UnsafeStart();
        thread.Join();
        if (failure is not null)
        {
            throw new AssertionException(failure.ToString(), failure);
        }
    }
}
