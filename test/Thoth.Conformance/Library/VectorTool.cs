using System.Linq.Expressions;
using System.Reflection;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>The tool of a case: it remembers what it was run with, and returns or throws what the case says.</summary>
internal sealed class VectorTool(IReadOnlyList<VectorParameter> parameters)
{
    private static readonly MethodInfo s_run = typeof(VectorTool).GetMethod(nameof(RunAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private Delegate? _function;
    private (string Name, Delegate Function)? _governed;

    public object? Result { get; init; } = "ok";

    public Exception? Failure { get; init; }

    public int Runs { get; private set; }

    /// <summary>What the tool was run with last, in the order of its parameters.</summary>
    public IReadOnlyList<object?> Received { get; private set; } = [];

    public IReadOnlyList<VectorParameter> Parameters { get; } = parameters;

    /// <summary>Calls the tool through the governor with the values of the case.</summary>
    public Task<object?> CallAsync(IToolGovernor governor, string name, CancellationToken cancellationToken)
    {
        _function ??= Function();
        if (_governed?.Name != name)
        {
            _governed = (name, governor.WrapTool(name, _function));
        }

        return (Task<object?>)_governed.Value.Function.DynamicInvoke([.. Parameters.Select(parameter => parameter.Value), cancellationToken])!;
    }

    private Delegate Function()
    {
        var type = VectorDelegates.Create(Parameters);
        var inputs = Array.ConvertAll(type.GetMethod("Invoke")!.GetParameters(), p => Expression.Parameter(p.ParameterType, p.Name));
        var values = inputs.SkipLast(1).Select(input => Expression.Convert(input, typeof(object)));
        var body = Expression.Call(Expression.Constant(this), s_run, Expression.NewArrayInit(typeof(object), values));
        return Expression.Lambda(type, body, inputs).Compile();
    }

    private Task<object?> RunAsync(object?[] values)
    {
        Runs++;
        Received = values;
        return Failure is null ? Task.FromResult(Result) : Task.FromException<object?>(Failure);
    }
}
