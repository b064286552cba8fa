using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A function of nobody's factory.</summary>
internal sealed class PlainFunction(string name, Func<AIFunctionArguments, Task<string>> body) : AIFunction
{
    public override string Name => name;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => await body(arguments);
}
