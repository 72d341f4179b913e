param name string
param location string
param tags object
param identityId string
param identityClientId string
param storageAccountName string
param deploymentContainerUrl string
param serviceBusNamespace string
param keyVaultUri string
param appInsightsConnectionString string
param firstAdmin string
param signInClientId string
param publicUrl string
param otlpEndpoint string
param runnerGroupId string

var url = 'https://${name}.azurewebsites.net'
var signIn = !empty(signInClientId)

// FUNCTIONS_WORKER_RUNTIME must not be set on Flex Consumption: the runtime below says it.
var settings = union({
  AzureWebJobsStorage__accountName: storageAccountName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  ServiceBus__fullyQualifiedNamespace: serviceBusNamespace
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identityClientId
  AZURE_CLIENT_ID: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: appInsightsConnectionString
  TaskHub: 'watchdesk'
  TickSchedule: '*/10 * * * * *'
  Watchdesk__PublicUrl: empty(publicUrl) ? url : publicUrl
  Watchdesk__FirstAdmin: firstAdmin
  Watchdesk__SignUp: 'off'
  Watchdesk__EntraSignIn: signIn ? 'true' : 'false'
  Watchdesk__KeyVaultUri: keyVaultUri
  Watchdesk__DueShards: '16'
  Watchdesk__RunnerGroup: runnerGroupId
}, empty(otlpEndpoint) ? {} : {
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint
})

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'watchdesk' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: {
      minTlsVersion: '1.2'
      appSettings: [for setting in items(settings): {
        name: setting.key
        value: setting.value
      }]
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'custom'
        version: '1.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: 40
      }
    }
  }
}

// Pings, keys and webhooks come without a cookie, so nobody is redirected: the app asks for sign-in itself.
resource auth 'Microsoft.Web/sites/config@2024-04-01' = if (signIn) {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: signInClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${subscription().tenantId}/v2.0'
        }
      }
    }
  }
}

output url string = url
