using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A decorator that tries twice.</summary>
internal sealed class RepeatingFunction(AIFunction inner) : DelegatingAIFunction(inner)
{
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        await base.InvokeCoreAsync(arguments, cancellationToken);
        return await base.InvokeCoreAsync(arguments, cancellationToken);
    }
}
