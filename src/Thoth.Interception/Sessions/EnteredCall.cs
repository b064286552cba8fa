namespace Thoth.Interception.Sessions;

/// <summary>Holds what a flow returns to after one part of a tool's run: see <see cref="ThothSessions.EnterCall"/>.</summary>
/// <param name="Outer">The scope that was current before.</param>
/// <param name="Before">The flow's ambient values before; <see langword="null"/> if the flow is suppressed.</param>
/// <param name="Inside">The flow's ambient values with the call's scope.</param>
internal readonly record struct EnteredCall(SessionScope? Outer, ExecutionContext? Before, ExecutionContext? Inside);
