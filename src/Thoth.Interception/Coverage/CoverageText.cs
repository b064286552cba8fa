using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Coverage;

/// <summary>Writes the messages of the coverage check: the finding, and the line to add or remove.</summary>
internal static class CoverageText
{
    public static string LaterRegistration(ServiceDescriptor descriptor, bool decorates) => decorates
        ? $"'{Name(descriptor)}' was decorated after AddGovernedTools, and the decorator is not governed: "
            + $"call services.Decorate before services.AddGovernedTools<{Name(descriptor)}>(){OrAllow(descriptor.ServiceType)}."
        : $"'{Name(descriptor)}' was registered{With(descriptor)} after AddGovernedTools, and this registration is not governed: "
            + $"call services.AddGovernedTools<{Name(descriptor)}>() after it{OrAllow(descriptor.ServiceType)}.";

    public static string KeyedRegistration(ServiceDescriptor descriptor) =>
        $"'{Name(descriptor)}' is registered{With(descriptor)} under the key '{Key(descriptor)}', and this registration is not governed: "
            + $"call services.AddGovernedTools<{Name(descriptor)}>() after it{OrAllow(descriptor.ServiceType)}.";

    public static string OpenGenericRegistration(ServiceDescriptor descriptor, Type tools) =>
        $"'{Name(descriptor)}' is registered{With(descriptor)}{UnderKey(descriptor)} beside the governed '{TypeNameFormatter.Of(tools)}', for which the container may use it ungoverned: "
            + (descriptor.ServiceType.IsGenericTypeDefinition
                ? $"register each closed type that is used instead, before services.AddGovernedTools<{TypeNameFormatter.Of(tools)}>()"
                : $"call services.AddGovernedTools<{Name(descriptor)}>() after it")
            + $"{OrAllow(descriptor.ServiceType)}.";

    public static string ConcreteClass(ServiceDescriptor descriptor, Type reached, Type tools) =>
        $"'{Name(descriptor)}' {(reached.IsAssignableFrom(descriptor.ServiceType) ? "implements" : "gives")} the governed '{TypeNameFormatter.Of(tools)}' "
            + $"and is registered as a separate service{UnderKey(descriptor)}, which is not governed: "
            + $"remove this registration and inject {TypeNameFormatter.Of(tools)}{OrAllow(descriptor.ServiceType)}.";

    public static string ConstructorParameter(Type consumer, Type parameter, Type reached, Type tools) =>
        $"The constructor of '{TypeNameFormatter.Of(consumer)}' takes '{TypeNameFormatter.Of(parameter)}', and so reaches the governed '{TypeNameFormatter.Of(tools)}' ungoverned: "
            + $"let it take {TypeNameFormatter.Of(tools)} instead of {TypeNameFormatter.Of(reached)}{OrAllow(consumer)}.";

    public static string RelatedInterface(ServiceDescriptor descriptor, Type tools) =>
        $"'{Name(descriptor)}' is registered{With(descriptor)}{UnderKey(descriptor)} and so gives the governed '{TypeNameFormatter.Of(tools)}' ungoverned: "
            + $"{GovernOrRemove(descriptor)}{OrAllow(descriptor.ServiceType)}.";

    public static string Factory(ServiceDescriptor descriptor, Type reached, Type tools) =>
        $"The factory of '{Name(descriptor)}'{UnderKey(descriptor)} returns '{TypeNameFormatter.Of(reached)}', and so gives the governed '{TypeNameFormatter.Of(tools)}' ungoverned: "
            + $"{GovernOrRemove(descriptor)}{OrAllow(descriptor.ServiceType)}.";

    public static string OpaqueFactory(ServiceDescriptor descriptor, Type tools) =>
        $"The factory of '{Name(descriptor)}'{UnderKey(descriptor)} may return an implementation of the governed '{TypeNameFormatter.Of(tools)}' ungoverned: "
            + $"let it declare the class that it returns, {GovernOrRemove(descriptor)}, or, if it only forwards to a governed service, {Allow(descriptor.ServiceType)}.";

    private static string GovernOrRemove(ServiceDescriptor descriptor) => descriptor.ServiceType.IsInterface
        ? $"call services.AddGovernedTools<{Name(descriptor)}>() after it, remove it"
        : "remove it";

    private static string OrAllow(Type type) => $", or {Allow(type)}";

    private static string Allow(Type type) => $"allow it with options.AllowUngoverned(typeof({TypeNameFormatter.Of(type)}), \"reason\")";

    private static string With(ServiceDescriptor descriptor) =>
        ImplementationInfo.Of(descriptor) is { IsKnown: true } implementation && implementation.Type != descriptor.ServiceType
            ? $" with '{TypeNameFormatter.Of(implementation.Type)}'"
            : "";

    private static string UnderKey(ServiceDescriptor descriptor) => descriptor.IsKeyedService ? $" under the key '{Key(descriptor)}'" : "";

    private static string Key(ServiceDescriptor descriptor) =>
        Equals(descriptor.ServiceKey, KeyedService.AnyKey) ? "KeyedService.AnyKey" : $"{descriptor.ServiceKey}";

    private static string Name(ServiceDescriptor descriptor) => TypeNameFormatter.Of(descriptor.ServiceType);
}
