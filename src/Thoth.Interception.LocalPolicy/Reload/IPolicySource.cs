namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>Provides the text of a policy and hints that it may have changed.</summary>
internal interface IPolicySource
{
    /// <summary>Gets the name of the source in errors and logs.</summary>
    string Name { get; }

    /// <summary>Reads the policy's text as UTF-8 JSON.</summary>
    /// <returns>The bytes of the text.</returns>
    /// <exception cref="PolicyLoadException">The source cannot be read.</exception>
    byte[] Read();

    /// <summary>Watches the source. It may change without a hint, so its text must be compared as well.</summary>
    /// <param name="changed">Is called on any thread when the text may have changed. It must return quickly.</param>
    /// <returns>The watch; <see langword="null"/> if the text never changes.</returns>
    IPolicyWatch? Watch(Action changed);

    /// <summary>Gets the source that valid options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="project">The folder of the project, if the application is run from its sources.</param>
    static IPolicySource Of(LocalPolicyOptions options, string? project = null) =>
        string.IsNullOrWhiteSpace(options.Path) ? new PolicyLiteral(options.Json!) : new PolicyFile(options.Path, project);
}
