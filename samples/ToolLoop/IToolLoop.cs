namespace ToolLoops;

/// <summary>A conversation with a model that calls tools.</summary>
internal interface IToolLoop
{
    /// <summary>Sends a request of the user to the model, and runs the tools that it calls.</summary>
    /// <returns>The model's response.</returns>
    Task<string> TurnAsync(string request, CancellationToken cancellationToken);
}
