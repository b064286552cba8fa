using Microsoft.SemanticKernel;

namespace Thoth.Interception.SemanticKernel;

/// <summary>Configures the governance of a kernel's functions.</summary>
public sealed class ThothKernelOptions
{
    /// <summary>
    /// Gets or sets whether a call that a person must approve waits for it, at most <see cref="StepUpOptions.Timeout"/>. Otherwise the model is
    /// told that it is held; a call of your own code throws <see cref="StepUpRequiredException"/>. Default: <see langword="false"/>.
    /// </summary>
    public bool WaitForApproval { get; set; }

    /// <summary>
    /// Gets or sets which functions are decided. Default: all but those that only send a prompt to a model and are in no plugin, such as that of
    /// <c>InvokePromptAsync</c>: no model can call them.
    /// </summary>
    public Func<KernelFunction, bool> Governs { get; set; } = static function => function.UnderlyingMethod is not null || function.PluginName is not null;

    /// <summary>
    /// Gets or sets how a function is described to the enforcer: name, action, sensitive arguments. <see langword="null"/>, or a result of
    /// <see langword="null"/>: as <c>plugin_function</c>. A function over a governed interface is always described by that.
    /// </summary>
    public Func<KernelFunction, ToolDescriptor?>? Describe { get; set; }
}
