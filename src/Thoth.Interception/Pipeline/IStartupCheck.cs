namespace Thoth.Interception.Pipeline;

/// <summary>
/// A check that must pass before any governed tool can be called. <see cref="ToolCallPipeline"/> runs all checks in its
/// constructor, and the host runs them before it starts any hosted service.
/// </summary>
internal interface IStartupCheck
{
    /// <summary>Throws if tools must not be called. Called several times; the result does not change.</summary>
    void ThrowIfFailed();
}
