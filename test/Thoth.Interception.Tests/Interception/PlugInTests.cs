using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

/// <summary>Implementations from a load context of their own, as plug-in folders have them.</summary>
public class PlugInTests
{
    [Test]
    public async Task PlugIn_InACollectibleContext_IsGovernedAndCanBeUnloaded()
    {
        var context = await Task.Run(UseAndUnloadAsync);

        for (var i = 0; i < 20 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(context.IsAlive, Is.False);
    }

    [Test]
    public async Task PlugIn_InAContextThatStays_IsGoverned() => await UseAsync(new AssemblyLoadContext("plug-in that stays"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAndUnloadAsync()
    {
        var context = new AssemblyLoadContext("plug-in", isCollectible: true);
        await UseAsync(context);
        context.Unload();
        return new WeakReference(context);
    }

    private static async Task UseAsync(AssemblyLoadContext context)
    {
        var plugIn = context.LoadFromAssemblyPath(typeof(PlugInTests).Assembly.Location).GetType(typeof(Backwards).FullName!)!;
        Assert.That(plugIn, Is.Not.EqualTo(typeof(Backwards)));
        await using var host = GovernedHost.Create(services => services
            .Put(new(typeof(IComparer<int>), plugIn, ServiceLifetime.Singleton))
            .Put(new(plugIn.Assembly.GetType(typeof(Settings).FullName!)!, plugIn.Assembly.GetType(typeof(Settings).FullName!)!, ServiceLifetime.Singleton))
            .AddGovernedTools<IComparer<int>>());

        Assert.That(host.Get<IComparer<int>>().Compare(1, 2), Is.Positive);
        Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("compare"));
    }

    private sealed class Settings
    {
        public int Sign => -1;
    }

    private sealed class Backwards(Settings settings) : IComparer<int>
    {
        public int Compare(int x, int y) => settings.Sign * x.CompareTo(y);
    }
}
