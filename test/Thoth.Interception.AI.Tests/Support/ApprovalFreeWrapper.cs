using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A decorator that the library does not know.</summary>
internal sealed class ApprovalFreeWrapper(AIFunction inner) : DelegatingAIFunction(inner);
