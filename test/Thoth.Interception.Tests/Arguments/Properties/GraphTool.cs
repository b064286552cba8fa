using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>A tool with one parameter of the generated type.</summary>
public interface IGraphTool<in T>
{
    void Run(T value, string note);
}

/// <summary>The tool's code: it reads its argument once and remembers what it saw.</summary>
internal abstract class GraphTool
{
    public Seen? Saw { get; protected set; }

    public object? Got { get; protected set; }

    public string? Note { get; protected set; }

    public static GraphTool For(Type type) => (GraphTool)Activator.CreateInstance(typeof(GraphTool<>).MakeGenericType(type))!;

    /// <summary>Governs the tool as a function.</summary>
    public abstract Action<object?> Wrap(GovernedHost host, ArgumentIsolation isolation);

    /// <summary>Governs the tool as a service, in a host of its own.</summary>
    public abstract (GovernedHost Host, Action<object?> Call) Register(ArgumentIsolation isolation);
}

internal sealed class GraphTool<T> : GraphTool, IGraphTool<T>
{
    public void Run(T value, string note) => (Got, Note, Saw) = (value, note, ToolsView.Of(value, typeof(T)));

    public override Action<object?> Wrap(GovernedHost host, ArgumentIsolation isolation)
    {
        var tool = host.Get<IToolGovernor>().WrapTool("run", (T value, string note) => Run(value, note), new() { Arguments = isolation });
        return value => tool((T)value!, "as asked");
    }

    public override (GovernedHost Host, Action<object?> Call) Register(ArgumentIsolation isolation)
    {
        var host = GovernedHost.For<IGraphTool<T>>(this, govern: options => options.Arguments = isolation);
        var tool = host.Services.GetRequiredService<IGraphTool<T>>();
        return (host, value => tool.Run((T)value!, "as asked"));
    }
}
